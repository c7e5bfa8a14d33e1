package importsweb

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/tabular"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/ui/table"
	"kartoteka.dev/internal/platform/web"
)

// newPrefix marks the choices of a column that make a new field: "new:number".
const newPrefix = "new:"

// columnsPage says where each column goes, and how the file was read.
type columnsPage struct {
	imports.Layout

	trouble
}

func (p *Pages) showColumns(w http.ResponseWriter, r *http.Request, id int64, t trouble) error {
	ctx := r.Context()
	layout, err := p.imports.FindLayout(ctx, id)
	if err != nil {
		return err
	}
	return p.renderColumns(w, r, columnsPage{Layout: layout, trouble: t})
}

func (p *Pages) renderColumns(w http.ResponseWriter, r *http.Request, c columnsPage) error {
	pg := importPage(r.Context(), c.Import)
	pg.Failed = c.any()
	return web.PageStatus(w, r, c.status(), pg, columnsBody(c))
}

// recalled tells that the mapping is that of the last file of this source.
func (c columnsPage) recalled() bool {
	for _, col := range c.Import.Plan.Columns {
		if col.By == imports.ByMemory {
			return true
		}
	}
	return false
}

// table is the columns as rows: what each holds, and where it goes.
func (c columnsPage) table(ctx context.Context) table.Props {
	t := table.Props{ID: "columns", Caption: i18n.T(ctx, "imports.step.columns"), Bare: true, Columns: []table.Column{
		{Label: i18n.T(ctx, "imports.columns.column"), Class: table.Main},
		{Label: i18n.T(ctx, "imports.columns.samples")},
		{Label: i18n.T(ctx, "imports.columns.target")},
	}}
	for _, col := range c.Import.Plan.Columns {
		t.Rows = append(t.Rows, table.Row{Cells: []templ.Component{
			columnCell(col), samplesCell(col), targetCell(c, col),
		}})
	}
	return t
}

// name is what a column is called: its header, or its letter.
func columnName(ctx context.Context, c imports.Column) string {
	if c.Header != "" {
		return c.Header
	}
	return i18n.T(ctx, "imports.columns.nameless", "Number", c.Index+1)
}

// target is the chosen value of a column.
func target(c imports.Column) string {
	if c.New != nil {
		return newPrefix + string(c.New.Type)
	}
	return c.Field
}

// targets are the choices of a column, under headings.
func (c columnsPage) targets(ctx context.Context, col imports.Column) []field.Option {
	all := []field.Option{{Value: "", Label: i18n.T(ctx, "imports.columns.ignore")}}
	own := i18n.T(ctx, "imports.columns.own-fields")
	for _, f := range c.Description.Fields {
		o := field.Option{Value: f.Name, Label: f.Label, Group: c.Description.Label}
		if strings.HasPrefix(f.Name, "custom.") {
			o.Group = own
		}
		all = append(all, o)
	}
	if col.Offer == nil {
		return all
	}
	make := i18n.T(ctx, "imports.columns.new-field", "Label", col.Offer.Label)
	for _, t := range c.Description.Types {
		o := field.Option{Value: newPrefix + string(t), Label: i18n.T(ctx, typeLabels[t]), Group: make}
		if t == col.Offer.Type {
			o.Label = i18n.T(ctx, "imports.columns.fits", "Type", o.Label)
		}
		all = append(all, o)
	}
	return all
}

var typeLabels = map[imports.FieldType]string{
	imports.TypeText: "imports.type.text", imports.TypeLongText: "imports.type.long-text", imports.TypeNumber: "imports.type.number",
	imports.TypeDate: "imports.type.date", imports.TypeYesNo: "imports.type.yes-no", imports.TypeLink: "imports.type.link",
}

var orders = map[string]tabular.DateOrder{"dmy": tabular.DMY, "mdy": tabular.MDY, "ymd": tabular.YMD}

func orderName(o tabular.DateOrder) string {
	for name, order := range orders {
		if order == o {
			return name
		}
	}
	return ""
}

func orderOptions(ctx context.Context) []field.Option {
	return []field.Option{
		{Value: "", Label: i18n.T(ctx, "imports.order.unknown")},
		{Value: "dmy", Label: i18n.T(ctx, "imports.order.dmy")},
		{Value: "mdy", Label: i18n.T(ctx, "imports.order.mdy")},
		{Value: "ymd", Label: i18n.T(ctx, "imports.order.ymd")},
	}
}

// changeColumns keeps the mapping and goes on to the rules.
func (p *Pages) changeColumns(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	i, err := p.find(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	changed := readColumns(in, i.Plan.Columns)
	if _, err = p.imports.ChangeDraft(ctx, i.ID, imports.DraftChange{Columns: changed}); err == nil {
		return web.Redirect(w, r, stepPath(i.ID, stepRules))
	}
	t, told := troubleOf(ctx, err)
	if !told || errs.KindOf(err) == errs.Conflict {
		return err
	}
	layout, err := p.imports.FindLayout(ctx, i.ID)
	if err != nil {
		return err
	}
	layout.Import.Plan.Columns = changed
	return p.renderColumns(w, r, columnsPage{Layout: layout, trouble: t})
}

// readColumns gives the columns the way the form has them; those it says
// nothing of stay as they are.
func readColumns(in *web.Form, columns []imports.Column) []imports.Column {
	changed := make([]imports.Column, len(columns))
	for n, c := range columns {
		name := "to-" + strconv.Itoa(c.Index)
		if in.Values.Has(name) {
			c.Field, c.New = in.Text(name), nil
			if kind, isNew := strings.CutPrefix(c.Field, newPrefix); isNew && c.Offer != nil {
				c.Field, c.New = "", &imports.NewField{Label: c.Offer.Label, Type: imports.FieldType(kind)}
			}
		}
		if order := "order-" + strconv.Itoa(c.Index); in.Values.Has(order) {
			c.Order = orders[in.Text(order)]
		}
		changed[n] = c
	}
	return changed
}

// changeReading reads the file anew, another way.
func (p *Pages) changeReading(w http.ResponseWriter, r *http.Request) error {
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	i, err := p.find(r)
	if err != nil {
		return err
	}
	reading := imports.Reading{Encoding: in.Text("encoding"), Sheet: in.Text("sheet"), Skip: int(in.ID("skip"))}
	if d := in.Values.Get("delimiter"); len(d) == 1 {
		reading.Delimiter = d[0]
	}
	switch in.Text("header") {
	case "yes":
		reading.Header = tabular.HeaderYes
	case "no":
		reading.Header = tabular.HeaderNo
	}
	ctx := r.Context()
	if err = in.Err("importsweb.changeReading"); err == nil {
		_, err = p.imports.ChangeDraft(ctx, i.ID, imports.DraftChange{Reading: &reading})
	}
	if err == nil {
		return web.Redirect(w, r, stepPath(i.ID, stepColumns))
	}
	t, told := troubleOf(ctx, err)
	if !told || errs.KindOf(err) == errs.Conflict {
		return err
	}
	return p.showColumns(w, r, i.ID, t)
}
