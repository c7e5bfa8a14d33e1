package tabular

import "kartoteka.dev/internal/platform/errs"

// Format is what sort of file it is.
type Format string

// The formats Open reads.
const (
	FormatText  Format = "text"
	FormatXLSX  Format = "xlsx"
	FormatCards Format = "vcard"
)

// HeaderMode says whether the first row holds names.
type HeaderMode int8

// Header modes; the zero value looks at the rows and decides.
const (
	HeaderAuto HeaderMode = iota
	HeaderYes
	HeaderNo
)

// Limits of what is read. They are far above honest files and low enough that
// a dishonest one costs little memory.
const (
	MaxColumns    = 2000      // cells of a row
	MaxFieldBytes = 1 << 20   // one cell
	MaxRowBytes   = 4 << 20   // one row of text
	MaxHeaderName = 500       // characters of a column's name
	MaxSheetRows  = 1_048_576 // rows of an XLSX sheet, the format's own limit
)

// Options overrules what Open would find out by itself; the zero value lets it
// find out everything.
type Options struct {
	Encoding  string     // one of Encodings
	Delimiter byte       // , ; tab | or another ASCII mark
	Sheet     string     // the first visible one
	Header    HeaderMode // whether the first row holds names
	Skip      int        // rows above the header to pass over, such as a title
	Language  string     // the company's language ("bg"), a hint for the encoding
	TempDir   string     // where a large XLSX keeps its texts; the system's place if empty
}

// Row is one row of the file.
type Row struct {
	Number  int      // line of the file where the row or card starts, or row of the sheet; from 1
	Cells   []string // at least Source.Columns of them unless the Problem is not Usable
	Problem *Problem // nil for a sound row
}

// ProblemCode names a problem for programs.
type ProblemCode string

// What can be wrong with a row.
const (
	FewerCells    ProblemCode = "fewer-cells"    // usable: the missing cells are blank
	MoreCells     ProblemCode = "more-cells"     // the cells may have shifted
	BareQuote     ProblemCode = "bare-quote"     // usable: a quote inside an unquoted cell is kept as it is
	StrayQuote    ProblemCode = "stray-quote"    // a quoted cell goes on after its closing quote
	UnclosedQuote ProblemCode = "unclosed-quote" // a quoted cell never ends
	BadBytes      ProblemCode = "bad-bytes"      // bytes that are no text in the file's encoding
	CellTooLong   ProblemCode = "cell-too-long"
	RowTooLong    ProblemCode = "row-too-long"
	TooManyCells  ProblemCode = "too-many-cells"
	CellError     ProblemCode = "cell-error" // usable: a formula's error (#N/A) is read as blank

	CardUnfinished ProblemCode = "card-unfinished" // BEGIN:VCARD without END:VCARD
	CardStray      ProblemCode = "card-stray"      // text between cards
	CardLine       ProblemCode = "card-line"       // usable: a line that is no property is left out
	CardTooLong    ProblemCode = "card-too-long"
	CardGroup      ProblemCode = "card-group" // a list of other cards
)

// Problem is what is wrong with one row, and where.
type Problem struct {
	Code   ProblemCode
	Line   int       // line of the text file or row of the sheet, from 1
	Column int       // cell, from 1; 0 when it concerns the row
	Usable bool      // Cells hold what the row evidently means; it may be taken, with a word about it
	Text   errs.Text // for the person
}

// problemTexts are the texts of the codes.
var problemTexts = map[ProblemCode]string{
	FewerCells:    "tabular.problem.fewer-cells",
	MoreCells:     "tabular.problem.more-cells",
	BareQuote:     "tabular.problem.bare-quote",
	StrayQuote:    "tabular.problem.stray-quote",
	UnclosedQuote: "tabular.problem.unclosed-quote",
	BadBytes:      "tabular.problem.bad-bytes",
	CellTooLong:   "tabular.problem.cell-too-long",
	RowTooLong:    "tabular.problem.row-too-long",
	TooManyCells:  "tabular.problem.too-many-cells",
	CellError:     "tabular.problem.cell-error",

	CardUnfinished: "tabular.problem.card-unfinished",
	CardStray:      "tabular.problem.card-stray",
	CardLine:       "tabular.problem.card-line",
	CardTooLong:    "tabular.problem.card-too-long",
	CardGroup:      "tabular.problem.card-group",
}

// problem makes a Problem; args are further values of its text.
func problem(code ProblemCode, line, column int, args ...any) *Problem {
	return &Problem{
		Code: code, Line: line, Column: column,
		Usable: code == FewerCells || code == BareQuote || code == CellError || code == CardLine,
		Text:   errs.Text{ID: problemTexts[code], Args: append([]any{"Line", line, "Column", column}, args...)},
	}
}

// worse keeps the problem that says more: one that makes the row unusable.
func worse(a, b *Problem) *Problem {
	if a == nil || (b != nil && a.Usable && !b.Usable) {
		return b
	}
	return a
}
