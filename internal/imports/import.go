package imports

import (
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/tabular"
)

// State is where an import is in its life.
type State string

// The states. A draft is being mapped and previewed; a failed or cancelled
// import can be resumed.
const (
	Draft     State = "draft"
	Queued    State = "queued"
	Running   State = "running"
	Done      State = "done"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Label is the locale id of the state's name.
func (s State) Label() string { return stateLabels[s] }

var stateLabels = map[State]string{
	Draft: "imports.state.draft", Queued: "imports.state.queued", Running: "imports.state.running",
	Done: "imports.state.done", Failed: "imports.state.failed", Cancelled: "imports.state.cancelled",
}

// Import is one file on its way in.
type Import struct {
	ID     int64
	Kind   string
	State  State
	DryRun bool // counts what would happen; nothing is kept

	FileName  string
	FileHash  string // in the file store
	FileSize  int64
	Signature string // of the header: files of one source share it
	Plan      Plan

	ByID   int64 // person; 0 for commands and tokens without a person
	ByName string
	JobID  int64 // 0 while none was enqueued

	Position int64 // row of the file that is done last
	Rows     int64 // rows that are done
	Counts

	DoneBytes, TotalBytes int64 // how far the file is read

	Failure errs.Text // why it failed

	CreatedAt, StartedAt, FinishedAt clock.Instant
}

// Counts are what became of the rows.
type Counts struct {
	Created, Updated, Skipped, Rejected int64
	Noted                               int64 // rows taken with a remark; among the others
}

// Percent is the part done, 0 to 100.
func (i Import) Percent() int {
	switch {
	case i.State == Done:
		return 100
	case i.TotalBytes <= 0:
		return 0
	}
	return int(min(100*i.DoneBytes/i.TotalBytes, 100))
}

// Plan is everything a person decides about an import.
type Plan struct {
	Reading Reading  `json:"reading"`
	Columns []Column `json:"columns"`
	Options Options  `json:"options"`
}

// Reading overrules how the file is read; zero values find out.
type Reading struct {
	Encoding  string             `json:"encoding,omitempty"`
	Delimiter byte               `json:"delimiter,omitempty"`
	Sheet     string             `json:"sheet,omitempty"`
	Header    tabular.HeaderMode `json:"header,omitempty"`
	Skip      int                `json:"skip,omitempty"`
}

// Column is a column of the file and where it goes: to a Field, to a new field,
// or nowhere.
type Column struct {
	Index   int                 `json:"index"`
	Header  string              `json:"header"`
	Field   string              `json:"field,omitempty"`
	New     *NewField           `json:"new,omitempty"`   // make this field when the import starts
	Offer   *NewField           `json:"offer,omitempty"` // the new field we would suggest
	By      MappedBy            `json:"by,omitempty"`    // who chose Field
	Samples []string            `json:"samples,omitempty"`
	Dates   bool                `json:"dates,omitempty"`   // its values are dates
	Order   tabular.DateOrder   `json:"order,omitempty"`   // of dates; Ambiguous with Dates: ask
	Assumed bool                `json:"assumed,omitempty"` // nobody was asked for Order
	Mark    tabular.DecimalMark `json:"mark,omitempty"`
}

// MappedBy is who chose where a column goes.
type MappedBy string

// Who chose: a person if empty, the suggestion, or the memory of the last file
// with this header.
const (
	BySuggestion MappedBy = "suggestion"
	ByMemory     MappedBy = "memory"
)

// AsksOrder tells that day and month of the column's dates cannot be told
// apart: the person should say. Day first is taken where nobody can be asked.
func (c Column) AsksOrder() bool { return c.Dates && c.Order == tabular.Ambiguous }

// MatchRule is how a row is taken for a record that is there already. A row
// with an external id is always matched by that first.
type MatchRule string

// The rules.
const (
	MatchNone        MatchRule = "none"
	MatchExternal    MatchRule = "external_id"
	MatchNameCountry MatchRule = "name_country"
	MatchEmail       MatchRule = "email"
	MatchPhone       MatchRule = "phone"
)

// Label is the locale id of the rule's name.
func (r MatchRule) Label() string { return ruleLabels[r] }

var ruleLabels = map[MatchRule]string{
	MatchNone: "imports.match.none", MatchExternal: "imports.match.external-id",
	MatchNameCountry: "imports.match.name-country", MatchEmail: "imports.match.email", MatchPhone: "imports.match.phone",
}

// OnMatch is what is done with a row whose record is there already.
type OnMatch string

// The answers; empty is Skip.
const (
	Skip         OnMatch = "skip"
	Update       OnMatch = "update"
	CreateAnyway OnMatch = "create"
)

// Label is the locale id of the answer's name.
func (o OnMatch) Label() string { return onMatchLabels[o] }

var onMatchLabels = map[OnMatch]string{
	Skip: "imports.match.skip", Update: "imports.match.update", CreateAnyway: "imports.match.create",
}

// Options are choices for all rows.
type Options struct {
	Match   MatchRule `json:"match,omitempty"`
	OnMatch OnMatch   `json:"on_match,omitempty"`
	// Defaults are values by field, for rows that have none of their own.
	Defaults map[string]string `json:"defaults,omitempty"`
	// Source names the system the file comes from: external ids are unique
	// within it. The kind of file if empty.
	Source string `json:"source,omitempty"`
	// Lenient takes a row whose value cannot be read without that value, with a
	// note, instead of keeping the row out. What is required stays so.
	Lenient bool `json:"lenient,omitempty"`
}

// Action is what became of a row.
type Action string

// The actions.
const (
	Created  Action = "created"
	Updated  Action = "updated"
	Skipped  Action = "skipped"
	Rejected Action = "rejected"
)

// Outcome is what became of one row of the file.
type Outcome struct {
	Row      int64 // line of the text file, or row of the sheet
	Action   Action
	RecordID int64 // 0 for a rejected row
	Problems []Problem
}

func (c *Counts) count(o Outcome) {
	switch o.Action {
	case Created:
		c.Created++
	case Updated:
		c.Updated++
	case Skipped:
		c.Skipped++
	case Rejected:
		c.Rejected++
	}
	if o.Action != Rejected && len(o.Problems) > 0 {
		c.Noted++
	}
}
