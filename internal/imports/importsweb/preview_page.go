package importsweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/badge"
	"kartoteka.dev/internal/platform/ui/table"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
)

// previewPage is what would come of an import.
type previewPage struct {
	imports.Preview

	Import imports.Import
	shown  []imports.Column // that go somewhere
	labels map[string]string
	trouble
}

func (p *Pages) showPreview(w http.ResponseWriter, r *http.Request, i imports.Import) error {
	return p.renderPreview(w, r, previewPage{Import: i})
}

func (p *Pages) renderPreview(w http.ResponseWriter, r *http.Request, v previewPage) (err error) {
	ctx := r.Context()
	d, err := p.describe(ctx, v.Import.Kind)
	if err != nil {
		return err
	}
	v.labels = map[string]string{}
	for _, f := range d.Fields {
		v.labels[f.Name] = f.Label
	}
	for _, c := range v.Import.Plan.Columns {
		if c.Field != "" || c.New != nil {
			v.shown = append(v.shown, c)
		}
	}
	if v.Preview, err = p.imports.FindPreview(ctx, v.Import.ID); err != nil {
		t, told := troubleOf(ctx, err)
		if !told {
			return err
		}
		return p.showColumns(w, r, v.Import.ID, t) // the file cannot be read to its end like this
	}
	pg := importPage(ctx, v.Import)
	pg.Failed = v.any()
	return web.PageStatus(w, r, v.status(), pg, previewBody(v))
}

// troubled counts what has problems among the rows looked at.
func (v previewPage) troubled() bool { return v.Counts.Rejected > 0 || v.Counts.Noted > 0 }

// takes tells that the import would do something.
func (v previewPage) takes() bool { return v.Counts.Created+v.Counts.Updated > 0 || !v.Whole }

func (v previewPage) table(ctx context.Context, id, caption string, rows []imports.PreviewRow) table.Props {
	t := table.Props{ID: id, Caption: caption, Bare: true, Columns: []table.Column{
		{Label: i18n.T(ctx, "imports.preview.row"), Class: table.NoWrap},
		{Label: i18n.T(ctx, "imports.preview.action")},
	}}
	for _, c := range v.shown {
		t.Columns = append(t.Columns, table.Column{Label: v.heading(ctx, c)})
	}
	for _, r := range rows {
		row := table.Row{Name: strconv.FormatInt(r.Row, 10), Cells: []templ.Component{
			table.Text(i18n.Number(ctx, r.Row)), actionCell(r, v.general(r)),
		}}
		for _, c := range v.shown {
			row.Cells = append(row.Cells, v.cell(c, r))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// heading is the field a column goes to.
func (v previewPage) heading(ctx context.Context, c imports.Column) string {
	if c.New != nil {
		return c.New.Label
	}
	if label := v.labels[c.Field]; label != "" {
		return label
	}
	return columnName(ctx, c)
}

// cellView is one cell of the preview. A cell with problems, and one that was
// corrected, can be written anew.
type cellView struct {
	Name     string // "3.1": row and column
	Label    string // for screen readers
	Text     string // as it would be kept
	Raw      string // as it is in the file, or corrected
	Problems []imports.Problem
	Fixed    bool
	Suggest  string
}

func (c cellView) editable() bool { return c.Fixed || len(c.Problems) > 0 }

func (v previewPage) cell(c imports.Column, r imports.PreviewRow) templ.Component {
	view := cellView{
		Name: fixName(r.Row, c.Index), Problems: v.problemsOf(c, r), Fixed: slices.Contains(r.Fixed, c.Index),
		Label: c.Header,
	}
	if c.Index < len(r.Cells) {
		view.Raw = r.Cells[c.Index]
	}
	view.Text = v.kept(c, r, view.Raw)
	for _, one := range view.Problems {
		if one.Suggest != "" && !one.Note {
			view.Suggest = one.Suggest
		}
	}
	return cellOf(view)
}

// kept is the cell as the record would have it: what the file says where the
// row is kept out, and where several columns share a field.
func (v previewPage) kept(c imports.Column, r imports.PreviewRow, raw string) string {
	columns := 0
	for _, other := range v.shown {
		if other.Field == c.Field {
			columns++
		}
	}
	if c.Field == "" || columns > 1 || strings.TrimSpace(raw) == "" {
		return raw
	}
	for _, s := range r.Values {
		if s.Field == c.Field {
			return s.Text
		}
	}
	return raw
}

// once leaves out what says the same again, as two phones in one cell do.
func once(all []imports.Problem) []imports.Problem {
	var kept []imports.Problem
	for _, one := range all {
		if !slices.ContainsFunc(kept, func(k imports.Problem) bool { return k.Text.ID == one.Text.ID && k.Note == one.Note }) {
			kept = append(kept, one)
		}
	}
	return kept
}

// problemsOf are a row's problems that belong to a column: by the column, or by
// the field it goes to.
func (v previewPage) problemsOf(c imports.Column, r imports.PreviewRow) []imports.Problem {
	var all []imports.Problem
	for _, one := range r.Problems {
		if one.Column == c.Index || one.Column < 0 && one.Field != "" && one.Field == c.Field {
			all = append(all, one)
		}
	}
	return once(all)
}

// general are a row's problems that no shown column has.
func (v previewPage) general(r imports.PreviewRow) []imports.Problem {
	var all []imports.Problem
	for _, one := range r.Problems {
		if !slices.ContainsFunc(v.shown, func(c imports.Column) bool {
			return one.Column == c.Index || one.Column < 0 && one.Field != "" && one.Field == c.Field
		}) {
			all = append(all, one)
		}
	}
	return all
}

// place says where a kind of problem occurs.
func (v previewPage) place(ctx context.Context, k imports.ProblemKind) string {
	for _, c := range v.Import.Plan.Columns {
		if c.Index == k.Column {
			return columnName(ctx, c)
		}
	}
	return v.labels[k.Field]
}

var actionTones = map[imports.Action]badge.Tone{
	imports.Created: badge.Good, imports.Updated: badge.Info, imports.Skipped: badge.Plain, imports.Rejected: badge.Bad,
}

var actionTexts = map[imports.Action]string{
	imports.Created: "imports.action.created", imports.Updated: "imports.action.updated",
	imports.Skipped: "imports.action.skipped", imports.Rejected: "imports.action.rejected",
}

func fixName(row int64, column int) string { return idText(row) + "." + strconv.Itoa(column) }

// readFixName is what fixName wrote.
func readFixName(name string) (row int64, column int, ok bool) {
	before, after, found := strings.Cut(name, ".")
	row, err := strconv.ParseInt(before, 10, 64)
	if !found || err != nil {
		return 0, 0, false
	}
	column, err = strconv.Atoi(after)
	return row, column, err == nil
}

// fix keeps the corrections made in the preview, and shows it anew.
func (p *Pages) fix(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	ctx := r.Context()
	if row, column, ok := readFixName(in.Text("undo")); ok {
		if err := p.imports.RemoveFix(ctx, id, row, column); err != nil {
			return err
		}
		return web.Redirect(w, r, stepPath(id, stepPreview))
	}
	fixes := readFixes(in)
	for _, f := range fixes {
		if err := p.imports.SetFix(ctx, id, f); err != nil {
			return err
		}
	}
	if len(fixes) > 0 {
		web.Toast(w, r, toast.Toast{Text: i18n.T(ctx, "imports.preview.fixed", "Count", len(fixes))})
	}
	return web.Redirect(w, r, stepPath(id, stepPreview))
}

// readFixes gives the cells that were changed on the page.
func readFixes(in *web.Form) []imports.Fix {
	var all []imports.Fix
	for name := range in.Values {
		at, isFix := strings.CutPrefix(name, "fix.")
		row, column, ok := readFixName(at)
		if !isFix || !ok || in.Lines(name) == strings.TrimSpace(strings.ReplaceAll(in.Values.Get("was."+at), "\r\n", "\n")) {
			continue
		}
		all = append(all, imports.Fix{Row: row, Column: column, Value: in.Lines(name)})
	}
	return all
}
