package views

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/filter"
	"kartoteka.dev/internal/platform/i18n"
)

// Shared says who sees a view.
type Shared string

// A view is seen by its owner alone, by a team, or by everyone.
const (
	Private  Shared = "private"
	Team     Shared = "team"
	Everyone Shared = "everyone"
)

// SharedLabels are the locale ids of who sees a view, in the order they are
// offered.
var SharedLabels = []struct {
	Shared Shared
	Label  string
}{
	{Private, "views.shared.private"}, {Team, "views.shared.team"}, {Everyone, "views.shared.everyone"},
}

// View is one view of a list, saved or built in.
type View struct {
	ID      int64    `json:"id,omitempty"` // 0: built in
	Key     string   `json:"key"`          // in addresses: "mine", or "v" and the id
	List    string   `json:"list"`
	Name    string   `json:"name,omitempty"` // of a saved view
	Label   string   `json:"-"`              // locale id of a built-in view
	OwnerID int64    `json:"owner_id,omitempty"`
	Shared  Shared   `json:"shared,omitempty"`
	TeamID  int64    `json:"team_id,omitempty"` // the team of a view shared so
	Filter  string   `json:"filter"`            // canonical text
	Sort    string   `json:"sort"`
	Columns []string `json:"columns,omitempty"` // empty: the list's usual ones
	Version int64    `json:"version,omitempty"`
}

// Input is what a person sets about a view. Version is the one that was
// edited, 0 for any.
type Input struct {
	Name    string
	Shared  Shared // empty: Private
	TeamID  int64
	Filter  string
	Sort    string
	Columns []string
	Version int64
}

// Limits.
const (
	MaxViews   = 100 // of one person and list
	MaxColumns = 60
	maxName    = 80
	maxColumn  = 100
)

// Title is what people call the view, in the language of the context.
func (v View) Title(ctx context.Context) string {
	if v.Label != "" {
		return i18n.T(ctx, v.Label)
	}
	return v.Name
}

// visible tells whether the actor sees the view.
func (v View) visible(a authz.Actor) bool {
	switch {
	case a.Kind == authz.System, v.Shared == Everyone:
		return true
	case a.UserID != 0 && v.OwnerID == a.UserID:
		return true
	}
	return v.Shared == Team && slices.Contains(a.TeamIDs, v.TeamID)
}

// Opened is a view ready for its list.
type Opened struct {
	View    View
	Filter  filter.Node
	Sort    string
	Columns []string
	Dropped []string // columns and orders that no longer exist, left out
}

// Open checks the view against the list's schema as the actor may see it. A
// filter that no longer fits is errs.Invalid and says which field is gone;
// columns and orders that are gone are left out. hasColumn tells which columns
// the list has besides the schema's fields; nil: none.
func (v View) Open(ctx context.Context, schema *filter.Schema, hasColumn func(name string) bool) (Opened, error) {
	const op = "views.Open"
	o := Opened{View: v}
	node, err := filter.Parse(v.Filter)
	if err != nil {
		return Opened{}, errs.New(errs.Invalid, op, "views.error.broken-filter", "View", v.Title(ctx)).Because(err)
	}
	for _, c := range filter.Conditions(node) {
		if _, ok := schema.Field(c.Field); !ok {
			return Opened{}, errs.New(errs.Invalid, op, "views.error.broken-field", "View", v.Title(ctx), "Field", c.Field)
		}
	}
	if err := filter.Check(schema, node); err != nil {
		return Opened{}, errs.New(errs.Invalid, op, "views.error.broken-filter", "View", v.Title(ctx)).Because(err)
	}
	o.Filter = node
	keys, err := filter.ParseSort(v.Sort)
	if err != nil {
		return Opened{}, errs.New(errs.Invalid, op, "views.error.broken-filter", "View", v.Title(ctx)).Because(err)
	}
	keys = slices.DeleteFunc(keys, func(k filter.Key) bool {
		f, ok := schema.Field(k.Field)
		gone := !ok || !f.Sortable()
		if gone {
			o.Dropped = append(o.Dropped, k.Field)
		}
		return gone
	})
	o.Sort = filter.FormatSort(keys)
	for _, name := range v.Columns {
		_, ok := schema.Field(name)
		if ok || hasColumn != nil && hasColumn(name) {
			o.Columns = append(o.Columns, name)
		} else if !slices.Contains(o.Dropped, name) {
			o.Dropped = append(o.Dropped, name)
		}
	}
	return o, nil
}

// settled gives the view as it is kept. The schema is the list's as the actor
// may see it.
func (in Input) settled(op string, a authz.Actor, v View, schema *filter.Schema) (View, error) {
	var bad []errs.FieldError
	v.Name = strings.Join(strings.Fields(strings.ToValidUTF8(strings.ReplaceAll(in.Name, "\x00", ""), "")), " ")
	switch n := utf8.RuneCountInString(v.Name); {
	case n == 0:
		bad = append(bad, errs.Field("name", "errors.field-missing"))
	case n > maxName:
		bad = append(bad, errs.Field("name", "errors.field-too-long", "Max", maxName))
	}
	was := v
	if v.Shared = in.Shared; v.Shared == "" {
		v.Shared = Private
	}
	v.TeamID = 0
	switch {
	case v.Shared == Team:
		v.TeamID = in.TeamID
		known := slices.Contains(a.TeamIDs, in.TeamID) || was.ID != 0 && was.TeamID == in.TeamID
		if in.TeamID == 0 || !known && a.Kind != authz.System {
			bad = append(bad, errs.Field("team_id", "views.error.not-your-team"))
		}
	case v.Shared != Private && v.Shared != Everyone:
		bad = append(bad, errs.Field("shared", "errors.field-not-chosen"))
	}
	bad = append(bad, in.question(&v, schema)...)
	var trouble *errs.FieldError
	if v.Columns, trouble = tidyColumns(in.Columns); trouble != nil {
		bad = append(bad, *trouble)
	}
	if len(bad) > 0 {
		return View{}, errs.InvalidFields(op, bad...)
	}
	return v, nil
}

// question puts filter and order into the view in their canonical text.
func (in Input) question(v *View, schema *filter.Schema) []errs.FieldError {
	node, err := filter.Parse(in.Filter)
	if err == nil {
		err = filter.Check(schema, node)
	}
	if err != nil {
		return errs.FieldsOf(err)
	}
	keys, err := filter.ParseSort(in.Sort)
	if err == nil {
		_, err = filter.Prepare(schema, filter.Request{Sort: in.Sort}, filter.Env{})
	}
	if err != nil {
		return errs.FieldsOf(err)
	}
	v.Filter, v.Sort = filter.Format(node), filter.FormatSort(keys)
	return nil
}

// tidyColumns drops what is there twice and refuses what cannot be columns.
func tidyColumns(columns []string) ([]string, *errs.FieldError) {
	var out []string
	for _, c := range columns {
		c = strings.TrimSpace(c)
		if c == "" || slices.Contains(out, c) {
			continue
		}
		if len(c) > maxColumn || strings.Trim(c, "abcdefghijklmnopqrstuvwxyz0123456789_.-") != "" {
			f := errs.Field("columns", "errors.field-not-chosen")
			return nil, &f
		}
		out = append(out, c)
	}
	if len(out) > MaxColumns {
		f := errs.Field("columns", "errors.field-too-large", "Max", MaxColumns)
		return nil, &f
	}
	return out, nil
}

// keyOf is a saved view's key.
func keyOf(id int64) string { return "v" + strconv.FormatInt(id, 10) }

// idOf is the id of a saved view's key; 0 for another.
func idOf(key string) int64 {
	digits, ok := strings.CutPrefix(key, "v")
	id, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil || id < 1 {
		return 0
	}
	return id
}
