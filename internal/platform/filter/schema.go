package filter

import (
	"context"
	"fmt"
	"slices"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/i18n"
)

// Type decides which operators a field takes and how its values are read.
type Type string

// The types. SQL values are: text for Text, Choice, Country, Multi and Tags;
// BIGINT for Number and Money (scaled by Field.Scale), Instant (microseconds)
// and Ref (ids); INTEGER yyyymmdd for Day; BOOLEAN for Bool. NULL is no value;
// so are 0 for Day and Instant and "" for Text, Choice and Country.
const (
	Text    Type = "text"
	Number  Type = "number"
	Money   Type = "money"
	Day     Type = "day"
	Instant Type = "instant"
	Choice  Type = "choice"  // one code of several
	Multi   Type = "multi"   // any number of codes; needs Source.Rows
	Country Type = "country" // ISO 3166 alpha-2, in capitals
	Ref     Type = "ref"     // the id of a person, team, customer…
	Tags    Type = "tags"    // words compared by folded key; needs Source.Rows
	Bool    Type = "bool"
)

// Source is where a field's values are in the list's statement.
type Source struct {
	// Expr is the SQL expression of the value: "c.name_key".
	Expr string
	// Rows, for values kept in other rows, is the FROM and WHERE that finds
	// them; Expr is then one of those rows': "FROM customers_tag_links l WHERE
	// l.customer_id = c.id". The field satisfies a condition if one row does.
	Rows string
	// Link makes Rows a set instead, "of = in": "c.id = l.customer_id" where Rows
	// is "FROM customers_tag_links l WHERE TRUE". SQLite then starts from the
	// few rows that satisfy the condition if that is faster. Neither side may
	// be NULL.
	Link Link
	// Sort is the expression to order by, "" if lists cannot be sorted by the
	// field. Text is sorted by a folded key.
	Sort string
}

// Link tells which rows of a set belong to a row of the list: those whose In is
// its Of.
type Link struct{ Of, In string }

// Label is what people call a field: a text id, or for fields people made, the
// words they gave.
type Label struct {
	ID    string
	Words string
}

// In gives the label in the language of the context.
func (l Label) In(ctx context.Context) string {
	if l.ID == "" {
		return l.Words
	}
	return i18n.T(ctx, l.ID)
}

// Field is something lists can be filtered or sorted by.
type Field struct {
	Name     string // "name", "owner", "custom.industry"
	Type     Type
	Label    Label
	SQL      Source
	Postgres *Source  // instead of SQL on PostgreSQL, where the engines truly differ
	Folded   bool     // Text: Expr is a folded key, and values are folded to match
	Plain    bool     // Text: Expr is a key of digits or letters of one case, and so are the values
	Scale    int      // Number, Money: decimal digits behind the stored integer; Money means 2 by default
	To       string   // Ref: what is referred to: "person", "team", "customer"; "me" works for persons
	Source   string   // name of the list of choices, for forms and Describe
	Codes    []string // the permitted codes, if they are few and fixed
	NotNull  bool     // Sort is never NULL, so an index can serve the order
}

func (f *Field) source(engine db.Engine) Source {
	if engine == db.Postgres && f.Postgres != nil {
		return *f.Postgres
	}
	return f.SQL
}

// Sortable tells whether lists can be ordered by the field.
func (f *Field) Sortable() bool { return f.SQL.Sort != "" }

func (f *Field) scale() int {
	if f.Type == Money && f.Scale == 0 {
		return 2
	}
	return f.Scale
}

// Schema is the fields of one kind of list. It is not changed after it is
// made and safe for concurrent use.
type Schema struct {
	id     string
	fields []Field
	byName map[string]int
}

// NewSchema makes a schema. id is the expression of the rows' unique number
// ("c.id"), the last key of every order.
func NewSchema(id string, fields ...Field) (*Schema, error) {
	s := &Schema{id: id, fields: slices.Clone(fields), byName: make(map[string]int, len(fields))}
	if id == "" {
		return nil, fmt.Errorf("filter.NewSchema: the unique expression is missing")
	}
	for i := range s.fields {
		f := &s.fields[i]
		if err := f.check(); err != nil {
			return nil, fmt.Errorf("filter.NewSchema: field %q: %w", f.Name, err)
		}
		if _, twice := s.byName[f.Name]; twice {
			return nil, fmt.Errorf("filter.NewSchema: field %q is there twice", f.Name)
		}
		s.byName[f.Name] = i
	}
	return s, nil
}

// MustSchema is NewSchema for the fields a program is born with; it panics on
// a mistake in them.
func MustSchema(id string, fields ...Field) *Schema {
	s, err := NewSchema(id, fields...)
	if err != nil {
		panic(err)
	}
	return s
}

func (f *Field) check() error {
	_, knownType := offers[f.Type]
	switch {
	case !named(f.Name):
		return fmt.Errorf("not a name")
	case !knownType:
		return fmt.Errorf("unknown type %q", f.Type)
	case f.SQL.Expr == "" || f.Postgres != nil && f.Postgres.Expr == "":
		return fmt.Errorf("no expression")
	case (f.Type == Tags || f.Type == Multi) && f.SQL.Rows == "":
		return fmt.Errorf("no rows")
	case f.Scale < 0 || f.Scale > 9:
		return fmt.Errorf("scale %d", f.Scale)
	case f.Postgres != nil && (f.Postgres.Sort == "") != (f.SQL.Sort == ""):
		return fmt.Errorf("sortable on one engine only")
	}
	return nil
}

// With gives a schema with more fields: the company's own ones.
func (s *Schema) With(fields ...Field) (*Schema, error) {
	return NewSchema(s.id, slices.Concat(s.fields, fields)...)
}

// Only gives a schema of the fields keep approves of: those the actor may
// read. To everyone else the others do not exist.
func (s *Schema) Only(keep func(Field) bool) *Schema {
	out := &Schema{id: s.id, byName: map[string]int{}}
	for _, f := range s.fields {
		if keep(f) {
			out.byName[f.Name] = len(out.fields)
			out.fields = append(out.fields, f)
		}
	}
	return out
}

// Field finds a field by its name.
func (s *Schema) Field(name string) (Field, bool) {
	if f := s.field(name); f != nil {
		return *f, true
	}
	return Field{}, false
}

// Fields lists the fields in the order they were given.
func (s *Schema) Fields() []Field { return slices.Clone(s.fields) }

func (s *Schema) field(name string) *Field {
	i, ok := s.byName[name]
	if !ok {
		return nil
	}
	return &s.fields[i]
}

func (s *Schema) names() []string {
	names := make([]string, len(s.fields))
	for i, f := range s.fields {
		names[i] = f.Name
	}
	return names
}
