package imports

import (
	"context"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/tabular"
)

// Target is one kind of records that can be imported.
type Target interface {
	// Kind is its name in addresses and the API: "customers".
	Kind() string
	// Describe tells what can be filled, in the reader's language.
	Describe(ctx context.Context) (Description, error)
	// AddField makes a custom field for a column that has none, and returns the
	// name under which Describe knows it from now on. A field of this label that
	// is there already is used.
	AddField(ctx context.Context, f NewField) (string, error)
	// Begin makes ready for one reading of a file.
	Begin(ctx context.Context, o Options) (Run, error)
}

// Run turns the rows of one file into records. Prepare and Show are called by
// another goroutine than the rest.
type Run interface {
	// Prepare reads one row without touching the database. A problem that is no
	// Note keeps the row out.
	Prepare(ctx context.Context, row Row) (Prepared, []Problem)
	// Show gives a prepared record as it would be kept, for the preview.
	Show(ctx context.Context, p Prepared) []Shown
	// Match finds the records that have these keys already.
	Match(ctx context.Context, tx *db.Tx, keys []string) (map[string]int64, error)
	// Apply creates and changes records; a Result each, in the same order. An
	// error is one of all of them: the transaction is lost.
	Apply(ctx context.Context, tx *db.Tx, changes []Change) ([]Result, error)
	// Link sets references; a Result each, in the same order.
	Link(ctx context.Context, tx *db.Tx, links []Link) ([]Result, error)
}

// Description is what a target can take.
type Description struct {
	Label      string // what it is called: "Customers"
	Permission string // needed beside imports.run
	Fields     []Field
	Rules      []MatchRule // how rows can be matched with what is there
	Types      []FieldType // of new fields; none: it cannot have new ones
}

// Field is one thing a column can fill.
type Field struct {
	Name     string
	Label    string // in the reader's language
	Example  string
	Required bool
	Many     bool                   // several columns may go to it
	Synonyms []string               // what others call it, in any language
	Reads    func(text string) bool // recognises a value; nil: any text may be one
	Bears    func(text string) bool // a column named so may hold it; nil: what Reads recognises
	ByName   bool                   // a column that Reads recognises must also be named so
	Dates    bool                   // holds days: which of day and month comes first matters
	Choices  []Choice               // for a value for all rows; nil: free text
}

// Choice is a value a field can have.
type Choice struct{ Value, Label string }

// FieldType is the type of a new custom field.
type FieldType string

// The types that can be guessed from values.
const (
	TypeText     FieldType = "text"
	TypeLongText FieldType = "long-text"
	TypeNumber   FieldType = "number"
	TypeDate     FieldType = "date"
	TypeYesNo    FieldType = "yes-no"
	TypeLink     FieldType = "link"
)

// NewField is a custom field to be made for a column.
type NewField struct {
	Label string    `json:"label"`
	Type  FieldType `json:"type"`
}

// Row is one row with its mapped cells. Blank cells are left out.
type Row struct {
	Number int // line of the text file, or row of the sheet
	Values []Value
}

// Value is the text for one field.
type Value struct {
	Field  string
	Text   string
	Column int // of the file, from 0; -1: the value given for all rows
	Order  tabular.DateOrder
	Mark   tabular.DecimalMark
}

// Prepared is a record that is ready to be kept.
type Prepared struct {
	Record any
	Keys   []Key       // by which it is matched with what is there, the surest first
	Names  []string    // keys under which other rows may refer to it
	Also   []string    // keys by which later rows may find it, though it is not looked for by them
	Refs   *References // to other records
}

// Key is something two records of the same thing have in common. No two
// records can have an Identity in common.
type Key struct {
	Text     string
	Identity bool
}

// References are a record's references to others.
type References struct {
	Refs []Reference `json:"refs"`
}

// Reference names another record: the keys under which it can be found, the
// likeliest first, and the text it was read from.
type Reference struct {
	Field  string   `json:"field"`
	Column int      `json:"column"`
	Text   string   `json:"text"`
	Keys   []string `json:"keys"`
}

// Change asks for a record to be created, or, with an id, to be changed.
type Change struct {
	RecordID int64
	Record   any
}

// Link asks for a record to refer to another.
type Link struct {
	RecordID int64
	Field    string
	OtherID  int64
	Ref      Reference
}

// Result is what became of a change or a link: the record's id, or problems. A
// problem that is no Note says that nothing was done.
type Result struct {
	ID        int64
	Unchanged bool // it was there, just so
	Problems  []Problem
}

// Problem is what is wrong with a row, and the way out.
type Problem struct {
	Column  int       `json:"column"` // of the file, from 0; -1: the row as a whole
	Field   string    `json:"field,omitempty"`
	Value   string    `json:"value,omitempty"`
	Text    errs.Text `json:"text"`
	Suggest string    `json:"suggest,omitempty"` // a value that would do
	Note    bool      `json:"note,omitempty"`    // the row is taken all the same
}

// Shown is one field of a record as it would be.
type Shown struct{ Field, Label, Text string }

func blocking(problems []Problem) bool {
	for _, p := range problems {
		if !p.Note {
			return true
		}
	}
	return false
}
