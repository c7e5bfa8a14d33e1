// Package field draws what a person fills in: inputs with label, hint, error
// and the states "required", "read only" and "no right to edit", and the
// summary of what a form still needs.
package field

import (
	"strconv"

	"github.com/a-h/templ"
)

// Kind is what is asked for.
type Kind string

// The kinds of fields. Choices come from Options; a Combobox may fetch them
// from Source instead.
const (
	Text     Kind = "text"
	Email    Kind = "email"
	Tel      Kind = "tel"
	URL      Kind = "url"
	Password Kind = "password"
	Search   Kind = "search"
	Number   Kind = "number"
	Date     Kind = "date"
	DateTime Kind = "datetime-local"
	Time     Kind = "time"
	Month    Kind = "month"
	Color    Kind = "color"
	Textarea Kind = "textarea"
	Select   Kind = "select"
	Combobox Kind = "combobox"
	Checkbox Kind = "checkbox" // one box: on or off
	Switch   Kind = "switch"   // one switch that acts at once
	Checks   Kind = "checks"   // several of Options
	Radio    Kind = "radio"    // one of Options
	File     Kind = "file"
)

// Option is one choice. Group puts options of a Select under a heading.
type Option struct {
	Value string
	Label string
	Hint  string
	Group string
	Off   bool
}

// Props describe a field. The zero Kind is Text.
type Props struct {
	Name        string
	ID          string // "f-" + Name if empty
	Label       string
	HideLabel   bool // the label is for screen readers only
	Kind        Kind
	Value       string   // chosen option's value for choices; "on" or "true" for Checkbox and Switch
	Values      []string // chosen values of Checks and of a multiple Select
	ValueLabel  string   // what a Combobox with Source shows for Value
	Options     []Option
	Source      string // address a Combobox asks with ?q=, answering field.Matches
	Hint        string
	Error       string
	Placeholder string
	Blank       string // first, empty choice of a Select: "Choose a country"
	Required    bool
	Optional    bool   // says so beside the label
	ReadOnly    bool   // cannot be changed now
	Locked      string // cannot be changed by this person: says why
	Autofocus   bool
	Complete    string // the autocomplete attribute: "email", "tel", "off"
	Min         string
	Max         string
	Step        string
	MaxLength   int
	Rows        int // of a Textarea; 4 if zero
	Prefix      string
	Suffix      string
	Inline      bool // choices side by side
	Multiple    bool // several files, or several options of a Select
	Accept      string
	Choosing    int              // a new Password of so many characters at least: says how good it is
	Attrs       templ.Attributes // on the input itself
}

func (p Props) id() string {
	if p.ID != "" {
		return p.ID
	}
	return "f-" + p.Name
}

func (p Props) kind() Kind {
	if p.Kind == "" {
		return Text
	}
	return p.Kind
}

func (p Props) locked() bool { return p.ReadOnly || p.Locked != "" }

func (p Props) chosen(value string) bool {
	for _, v := range p.Values {
		if v == value {
			return true
		}
	}
	return len(p.Values) == 0 && p.Value == value
}

func (p Props) on() bool { return p.Value == "on" || p.Value == "true" || p.Value == "1" }

// single tells whether the field is one box whose label stands behind it.
func (p Props) single() bool { return p.kind() == Checkbox || p.kind() == Switch }

// set tells whether the field is a set of inputs under one legend.
func (p Props) set() bool { return p.kind() == Checks || p.kind() == Radio }

// described names the elements that explain the input to a screen reader.
func (p Props) described() string {
	ids := ""
	if p.Hint != "" {
		ids = p.id() + "-hint"
	}
	if p.Error != "" {
		if ids != "" {
			ids += " "
		}
		ids += p.id() + "-error"
	}
	return ids
}

// attrs are the attributes every kind of input has.
func (p Props) attrs() templ.Attributes {
	a := templ.Attributes{"id": p.id(), "name": p.Name}
	p.state(a)
	set := func(name, value string) {
		if value != "" {
			a[name] = value
		}
	}
	set("placeholder", p.Placeholder)
	set("autocomplete", p.Complete)
	set("min", p.Min)
	set("max", p.Max)
	set("step", p.Step)
	set("accept", p.Accept)
	if p.MaxLength > 0 {
		a["maxlength"] = strconv.Itoa(p.MaxLength)
	}
	if p.Autofocus {
		a["autofocus"] = true
	}
	if p.Multiple {
		a["multiple"] = true
	}
	for name, value := range p.Attrs {
		a[name] = value
	}
	return a
}

// state adds what assistive technology must know.
func (p Props) state(a templ.Attributes) {
	if d := p.described(); d != "" {
		a["aria-describedby"] = d
	}
	if p.Error != "" {
		a["aria-invalid"] = "true"
	}
	if p.Required {
		a["required"] = true
	}
	if p.locked() {
		switch p.kind() {
		case Select, Checkbox, Switch, Checks, Radio, File, Color:
			a["disabled"] = true
		default:
			a["readonly"] = true
		}
	}
}

func (p Props) rows() string {
	if p.Rows == 0 {
		return "4"
	}
	return strconv.Itoa(p.Rows)
}

func (p Props) optionID(i int) string { return p.id() + "-" + strconv.Itoa(i) }

// groups cuts the options into runs of the same Group, in their order.
func (p Props) groups() [][]Option {
	var runs [][]Option
	for _, o := range p.Options {
		if n := len(runs); n > 0 && runs[n-1][0].Group == o.Group {
			runs[n-1] = append(runs[n-1], o)
			continue
		}
		runs = append(runs, []Option{o})
	}
	return runs
}

// shown gives what a Combobox shows for its value.
func (p Props) shown() string {
	if p.ValueLabel != "" {
		return p.ValueLabel
	}
	for _, o := range p.Options {
		if o.Value == p.Value {
			return o.Label
		}
	}
	return p.Value
}

// Problem is one line of the summary: the field and what it needs.
type Problem struct {
	Name string // field name; empty for what concerns the whole form
	Text string
}

func (p Problem) href() templ.SafeURL { return templ.SafeURL("#f-" + p.Name) }
