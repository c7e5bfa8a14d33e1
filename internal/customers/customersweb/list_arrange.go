package customersweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kartoteka.dev/internal/platform/filter"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
	"kartoteka.dev/internal/views"
)

const (
	columnsPath = listPath + "/columns"
	viewsPath   = "/views/customers"
)

// columnChoice is the form that chooses columns and their order.
type columnChoice struct {
	keep  []hidden // the address to come back to
	lines []columnLine
}

type columnLine struct {
	Name  string
	Label filter.Label
	On    bool
	Fixed bool // the name is always there, and first
}

// columnChoice lists the columns shown in their order, and then the others.
func (l listPage) columnChoice() columnChoice {
	return l.chooseFrom(namesOf(l.shown), nil)
}

// chooseFrom is the form with these columns ticked; order puts them, ticked or
// not, into an order of their own.
func (l listPage) chooseFrom(on, order []string) columnChoice {
	c := columnChoice{keep: hiddenOf(l.address.values())}
	names := append(slices.Clone(order), on...)
	names = append(names, namesOf(l.columns)...)
	seen := map[string]bool{}
	for _, name := range names {
		i := slices.IndexFunc(l.columns, func(c column) bool { return c.name == name })
		f, ok := l.schema.Field(name)
		if i < 0 || !ok || seen[name] {
			continue
		}
		seen[name] = true
		c.lines = append(c.lines, columnLine{
			Name: name, Label: f.Label, On: i == 0 || slices.Contains(on, name), Fixed: i == 0,
		})
	}
	return c
}

// chooseColumns keeps the columns of whoever has chosen them: with their own
// view if one is open, else as theirs for this list. The buttons that move a
// column only draw the form anew.
func (p *Pages) chooseColumns(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	l, err := p.list(ctx, in.Values)
	if err != nil {
		return err
	}
	order, on := in.All("order"), in.All("column")
	if name := in.Text("up"); name != "" {
		form := columnsForm(l.chooseFrom(on, raised(order, name)))
		if web.IsFragment(r) {
			return web.Render(w, r, form)
		}
		return web.Page(w, r, page.Page{Title: i18n.T(ctx, "customers.list-columns.title"), Width: page.Narrow, Breadcrumbs: crumbs(ctx)}, form)
	}
	if in.Flag("usual") {
		on = nil
	} else {
		on = slices.DeleteFunc(order, func(name string) bool { return name != columns[0].name && !slices.Contains(on, name) })
	}
	return p.keepColumns(w, r, l, on)
}

func (p *Pages) keepColumns(w http.ResponseWriter, r *http.Request, l listPage, on []string) error {
	ctx := r.Context()
	to := l.address
	to.Columns = nil
	var err error
	switch v := l.opened.view; {
	case v.ID == 0:
		err = p.views.ChooseColumns(ctx, viewsKey, on)
	case l.opened.mayChange(ctx):
		_, err = p.views.Change(ctx, v.ID, views.Input{
			Name: v.Name, Shared: v.Shared, TeamID: v.TeamID, Filter: v.Filter, Sort: v.Sort, Columns: on,
		}, l.schema)
	default:
		to.Columns = on
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, to.href())
}

// raised moves a name one place to the front; the first one stays first.
func raised(order []string, name string) []string {
	if i := slices.Index(order, name); i > 1 {
		order[i-1], order[i] = order[i], order[i-1]
	}
	return order
}

// viewInput reads the form of a view; the question is that of the address
// which came along.
func viewInput(in *web.Form, l listPage) views.Input {
	shared, team, _ := strings.Cut(in.Text("shared"), ":")
	teamID, _ := strconv.ParseInt(team, 10, 64) // 0 is refused by the use case
	return views.Input{
		Name: in.Text("name"), Shared: views.Shared(shared), TeamID: teamID,
		Filter: filter.Format(l.opened.filter), Sort: l.opened.sort, Columns: namesOf(l.shown),
	}
}

// saveView saves what the list shows as a new view, or over the open one.
func (p *Pages) saveView(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	l, err := p.list(ctx, in.Values)
	if err != nil {
		return err
	}
	v, text := l.opened.view, i18n.T(ctx, "customers.list-view.saved")
	switch in.Text("save") {
	case "over":
		input := viewInput(in, l)
		input.Name, input.Shared, input.TeamID = v.Name, v.Shared, v.TeamID
		v, err = p.views.Change(ctx, v.ID, input, l.schema)
	case "rename":
		input := viewInput(in, l)
		input.Filter, input.Sort, input.Columns = v.Filter, v.Sort, v.Columns
		v, err = p.views.Change(ctx, v.ID, input, l.schema)
	default:
		v, err = p.views.Create(ctx, viewsKey, viewInput(in, l), l.schema)
	}
	if err != nil {
		return p.viewTrouble(w, r, l, err)
	}
	return goOn(w, r, address{View: v.Key}.href(), toast.Toast{Text: text})
}

// viewTrouble shows the list again with what the view needs.
func (p *Pages) viewTrouble(w http.ResponseWriter, r *http.Request, l listPage, err error) error {
	t, ok := troubleOf(r.Context(), err)
	if !ok || web.IsFragment(r) {
		return err
	}
	l.viewForm.trouble = t
	l.viewForm.rename = r.Form.Get("save") == "rename"
	l.viewForm.name = r.Form.Get("name")
	ctx := r.Context()
	pg := page.Page{Title: i18n.T(ctx, "customers.list-page.title"), Subtitle: l.counted(ctx), Width: page.Wide, Actions: listActions(l), Failed: true}
	return web.PageStatus(w, r, t.status(), pg, listBody(l))
}

// viewForm is what was typed about a view and why it came back.
type viewForm struct {
	trouble
	name   string
	rename bool
}

// removeView removes the open view; the toast brings it back.
func (p *Pages) removeView(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := web.PathID(r, "view")
	if err != nil {
		return err
	}
	v, err := p.views.Find(ctx, viewsKey, "v"+idText(id))
	if err != nil {
		return err
	}
	if err := p.views.Remove(ctx, id); err != nil {
		return err
	}
	back := url.Values{
		"name": {v.Name}, "shared": {sharedValue(v)}, "filter": {v.Filter}, "sort": {v.Sort}, "edited": {"1"},
		"columns": {strings.Join(v.Columns, ",")}, "view": {"all"},
	}
	return goOn(w, r, listPath, toast.Toast{Text: i18n.T(ctx, "customers.list-view.removed", "Name", v.Name), UndoURL: pathWith(viewsPath, back)})
}

// sharedValue is the choice of sharedOptions that a view has.
func sharedValue(v views.View) string {
	if v.Shared == views.Team {
		return string(v.Shared) + ":" + idText(v.TeamID)
	}
	return string(v.Shared)
}

// openFirst has the list open with this view for whoever asks.
func (p *Pages) openFirst(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	key := r.PathValue("key")
	if err := p.views.OpenFirst(ctx, viewsKey, key); err != nil {
		return err
	}
	return goOn(w, r, address{View: key}.href(), toast.Toast{Text: i18n.T(ctx, "customers.list-view.opens-first")})
}

// mayOver tells whether what the list shows can be saved over its view.
func (l listPage) mayOver(ctx context.Context) bool {
	return l.opened.changed && l.opened.mayChange(ctx)
}
