package customersweb

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/filter"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/ui/filterbar"
	"kartoteka.dev/internal/platform/ui/menu"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/web"
)

const conditionPath = listPath + "/condition"

// conditions are the chips of the filter bar. What chips cannot say is one
// chip with the whole sentence.
func (l listPage) conditions(ctx context.Context) []filterbar.Condition {
	all, anyOf, whole := parts(l.opened.filter)
	phrases := filter.Describe(ctx, l.schema, l.opened.filter, l.dir)
	if !whole {
		return []filterbar.Condition{{
			Field: i18n.T(ctx, "customers.list-filter.whole"), Value: filter.Sentence(phrases),
			Remove: l.address.with(nil).href(), Problem: l.problem,
		}}
	}
	chips := make([]filterbar.Condition, len(all))
	for i, c := range all {
		rest := slices.Delete(slices.Clone(all), i, i+1)
		chips[i] = filterbar.Condition{Remove: l.address.with(joined(rest, anyOf)).href(), Field: c.Field}
		if i < len(phrases) {
			ph := phrases[i]
			words := strings.TrimPrefix(strings.TrimPrefix(ph.String(), ph.Join+" "), ph.Before+ph.Field+" "+ph.Operator)
			chips[i].Field, chips[i].Verb, chips[i].Value = ph.Field, ph.Operator, strings.TrimSpace(words)
		}
		if f, ok := l.schema.Field(c.Field); ok {
			e := l.editor(ctx, f, c, joined(rest, anyOf))
			e.mark = "c" + idText(int64(i))
			chips[i].Editor = conditionForm(e)
		} else {
			chips[i].Problem = l.problem
		}
	}
	return chips
}

// addable are the fields a condition can be added for.
func (l listPage) addable(ctx context.Context) []menu.Item {
	if _, _, whole := parts(l.opened.filter); !whole {
		return nil
	}
	q := l.state().values()
	var items []menu.Item
	for _, f := range l.schema.Fields() {
		q.Set("field", f.Name)
		to := pathWith(conditionPath, q)
		items = append(items, menu.Item{Label: f.Label.In(ctx), Href: to, Opens: "condition", Attrs: map[string]any{
			"hx-get": to, "hx-target": "#condition-form", "hx-swap": "innerHTML",
		}})
	}
	return items
}

// state is the address with the filter spelled out, as forms carry it along.
func (l listPage) state() address {
	return l.address.with(l.opened.filter)
}

// editor is the form for one condition; keep is the rest of the address.
type editor struct {
	field   filter.Field
	label   string
	op      filter.Op
	values  []string
	keep    []hidden
	index   string
	mark    string // part of the ids: editors of several conditions share a page
	shown   string // the name of a customer that is asked for
	options []field.Option
	ways    []way
}

func (e editor) id(part string) string { return "f-" + e.mark + "-" + part }

// orNone keeps an empty choice from being taken for one that was not made.
func orNone(values []string) []string {
	if len(values) == 0 {
		return []string{"-"}
	}
	return values
}

// way is an answer that is one click: a period, yes or no, empty.
type way struct {
	Label   string
	Href    string
	Current bool
}

func (l listPage) editor(ctx context.Context, f filter.Field, c filter.Condition, rest filter.Node) editor {
	base := l.address.with(rest)
	others, anyOf, _ := parts(base.Filter)
	e := editor{
		field: f, label: f.Label.In(ctx), op: c.Op, values: c.Values, keep: hiddenOf(base.values()), index: idText(int64(len(others))),
	}
	if e.op == "" {
		e.op = filter.Offered(f.Type)[0]
	}
	e.options = l.choices(ctx, f, c.Values)
	e.shown, _ = l.dir.NameOf(ctx, f, e.first())
	e.ways = l.ways(ctx, f, c, func(op filter.Op, values ...string) string {
		all := append(slices.Clone(others), filter.Condition{Field: f.Name, Op: op, Values: values})
		return base.with(joined(all, anyOf)).href()
	})
	return e
}

// choices are what a field's values are picked from; nil for fields one writes
// into.
func (l listPage) choices(ctx context.Context, f filter.Field, chosen []string) []field.Option {
	if def, ok := l.dir.custom(f.Name); ok {
		return optionChoices(ctx, def, chosen)
	}
	switch f.Name {
	case "owner":
		me := field.Option{Value: "me", Label: i18n.T(ctx, "filter.word.me")}
		return append([]field.Option{me}, l.dir.peopleOptions(chosen...)...)
	case "team":
		return l.dir.teamOptions()
	case "source":
		return l.dir.sourceOptions(ctx, chosen...)
	case "tags":
		all := make([]field.Option, len(l.dir.tags))
		for i, t := range l.dir.tags {
			all[i] = field.Option{Value: t.Name, Label: t.Name}
		}
		return all
	case "country":
		return countryOptions(ctx)
	case "language":
		return languageOptions(ctx)
	}
	var all []field.Option
	for _, code := range f.Codes {
		if name, ok := l.dir.NameOf(ctx, f, code); ok {
			all = append(all, field.Option{Value: code, Label: name})
		}
	}
	return all
}

func optionChoices(ctx context.Context, def fields.Definition, chosen []string) []field.Option {
	var all []field.Option
	for _, o := range def.Options {
		if !o.Archived || slices.Contains(chosen, o.Slug) {
			all = append(all, field.Option{Value: o.Slug, Label: o.In(ctx)})
		}
	}
	return all
}

// nearPeriods are the periods offered as one click.
var nearPeriods = []string{"today", "yesterday", "this-week", "last-week", "this-month", "last-month", "this-quarter", "this-year"}

// ways are the answers of one click.
func (l listPage) ways(ctx context.Context, f filter.Field, c filter.Condition, to func(filter.Op, ...string) string) []way {
	var all []way
	add := func(label string, op filter.Op, values ...string) {
		all = append(all, way{Label: label, Href: to(op, values...), Current: c.Op == op && slices.Equal(c.Values, values)})
	}
	switch f.Type {
	case filter.Bool:
		add(i18n.T(ctx, "common.yes"), filter.Is, "yes")
		add(i18n.T(ctx, "common.no"), filter.Is, "no")
		return all
	case filter.Day, filter.Instant:
		for _, p := range nearPeriods {
			add(filter.PeriodWords(ctx, p), filter.During, p)
		}
		for _, days := range []int{30, 90, 180} {
			add(i18n.T(ctx, "customers.list-filter.older", "Count", days), filter.Older, idText(int64(days))+"d")
		}
	}
	add(filter.Empty.Words(ctx, f.Type), filter.Empty)
	add(filter.Filled.Words(ctx, f.Type), filter.Filled)
	return all
}

// picked tells whether values are ticked in a list.
func (e editor) picked() bool {
	return len(e.options) > 0 || e.field.Type == filter.Tags || e.field.Type == filter.Multi || e.field.Type == filter.Choice
}

// ranged tells whether the field asks for a span from … to ….
func (e editor) ranged() bool {
	switch e.field.Type {
	case filter.Day, filter.Instant, filter.Number, filter.Money:
		return true
	}
	return false
}

// ends are the two ends of the span the condition asks for.
func (e editor) ends() (from, to string) {
	switch {
	case e.op == filter.Between && len(e.values) == 2:
		return e.values[0], e.values[1]
	case len(e.values) != 1:
	case e.op == filter.Is:
		return e.values[0], e.values[0]
	case e.op == filter.AtLeast || e.op == filter.More:
		return e.values[0], ""
	case e.op == filter.AtMost || e.op == filter.Less:
		return "", e.values[0]
	}
	return "", ""
}

// ops are the operators one chooses from beside the values.
func (e editor) ops(ctx context.Context) []field.Option {
	var all []field.Option
	for _, op := range filter.Offered(e.field.Type) {
		if op != filter.Empty && op != filter.Filled {
			all = append(all, field.Option{Value: string(op), Label: op.Words(ctx, e.field.Type)})
		}
	}
	return all
}

// chosenOp is the operator's option: "is" reads as "is any of" where several
// can be ticked.
func (e editor) chosenOp() string {
	if !slices.Contains(filter.Offered(e.field.Type), e.op) {
		switch e.op {
		case filter.IsNot:
			return string(filter.NotIn)
		case filter.Is:
			return string(filter.In)
		}
	}
	return string(e.op)
}

func (e editor) kind() field.Kind {
	switch e.field.Type {
	case filter.Day, filter.Instant:
		return field.Date
	case filter.Number, filter.Money:
		return field.Number
	}
	return field.Text
}

func (e editor) first() string {
	if len(e.values) == 0 {
		return ""
	}
	return e.values[0]
}

// showCondition is the form for a condition to be added: in the dialog, or as
// a page of its own without script.
func (p *Pages) showCondition(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	name := q.Get("field")
	a, err := readAddress(q)
	if err != nil {
		return err
	}
	l := listPage{address: a}
	if l.schema, err = p.customers.Schema(ctx); err != nil {
		return err
	}
	f, ok := l.schema.Field(name)
	if !ok {
		return errs.New(errs.NotFound, "customersweb.showCondition", "errors.page-not-found")
	}
	if l.dir, err = p.directory(ctx); err != nil {
		return err
	}
	if err := p.wordsFor(ctx, &l.dir, name); err != nil {
		return err
	}
	e := l.editor(ctx, f, filter.Condition{Field: name}, a.Filter)
	e.mark = "new"
	form := conditionForm(e)
	if web.IsFragment(r) {
		return web.Render(w, r, form)
	}
	return web.Page(w, r, page.Page{Title: f.Label.In(ctx), Width: page.Narrow, Breadcrumbs: crumbs(ctx)}, form)
}

func crumbs(ctx context.Context) []page.Crumb {
	return []page.Crumb{{Label: i18n.T(ctx, "customers.list-page.title"), Href: listPath}}
}
