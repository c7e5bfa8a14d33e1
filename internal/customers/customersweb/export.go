package customersweb

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strconv"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/filter"
	"kartoteka.dev/internal/platform/tabular"
)

const exportPath = "/export/customers"

// exported is what to write: the format, and of the list's customers those
// with these ids, or all.
type exported struct {
	format string
	ids    []int64
	all    bool
}

// export writes the list as it is shown, every page of it, in its columns.
func (p *Pages) export(w http.ResponseWriter, r *http.Request) error {
	l, err := p.list(r.Context(), r.URL.Query())
	if err != nil {
		return err
	}
	return p.exportList(w, r, l, exported{format: r.PathValue("format"), all: true})
}

func (p *Pages) exportList(w http.ResponseWriter, r *http.Request, l listPage, e exported) error {
	const op = "customersweb.export"
	ctx := r.Context()
	if _, err := authz.Require(ctx, op, "customers.export"); err != nil {
		return err
	}
	kind := ""
	switch e.format {
	case "csv":
		kind = "text/csv; charset=utf-8"
	case "xlsx":
		kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	default:
		return errs.New(errs.NotFound, op, "errors.page-not-found")
	}
	if l.problem != "" {
		return errs.New(errs.Invalid, op, "customers.list-export.problem")
	}
	name := "customers-" + l.dir.company.Today(p.clock.Now()).String() + "." + e.format
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", "attachment; filename="+strconv.Quote(name))
	return p.writeRows(ctx, w, l, e)
}

// writeRows streams the rows page by page; only a page is in memory.
func (p *Pages) writeRows(ctx context.Context, w io.Writer, l listPage, e exported) error {
	out, err := newSheet(w, e.format)
	if err != nil {
		return errs.Wrap("customersweb.export", err)
	}
	columns := l.withNumber()
	head := make([]string, len(columns))
	for i, c := range columns {
		f, _ := l.schema.Field(c.name)
		head[i] = f.Label.In(ctx)
	}
	if err := out.Header(head); err != nil {
		return errs.Wrap("customersweb.export", err)
	}
	left := len(e.ids)
	q := customers.ListQuery{Filter: l.exportable(ctx), Sort: l.opened.sort, Limit: filter.MaxLimit, Columns: namesOf(columns)}
	for {
		found, err := p.customers.List(ctx, q)
		if err != nil {
			return err
		}
		for _, row := range found.Items {
			if !e.all && !slices.Contains(e.ids, row.ID) {
				continue
			}
			left--
			if err := out.Row(l.cells(ctx, columns, row)); err != nil {
				return errs.Wrap("customersweb.export", err)
			}
		}
		if q.Cursor = found.Next; q.Cursor == "" || !e.all && left <= 0 {
			return errs.Wrap("customersweb.export", out.Close())
		}
	}
}

func newSheet(w io.Writer, format string) (tabular.Writer, error) {
	if format == "csv" {
		return tabular.NewCSVWriter(w, tabular.CSVOptions{BOM: true})
	}
	return tabular.NewXLSXWriter(w, tabular.XLSXOptions{})
}

// withNumber are the shown columns with the customer's number, by which a file
// finds its way back.
func (l listPage) withNumber() []column {
	return shown(l.columns, append([]string{"number"}, namesOf(l.shown)...))
}

// exportable is the filter, narrowed to the customers the right to export
// reaches.
func (l listPage) exportable(ctx context.Context) filter.Node {
	a := authz.From(ctx)
	switch a.Level("customers.export") {
	case authz.Own:
		return filter.All(l.asked(), filter.Where("owner", filter.Is, "me"))
	case authz.Team:
		return filter.All(l.asked(), filter.Any(filter.Where("owner", filter.Is, "me"), ownTeams(ctx)))
	}
	return l.asked()
}

// cells are the row as texts; days and times keep their own kind, so that a
// spreadsheet can sort them.
func (l listPage) cells(ctx context.Context, columns []column, r customers.Row) []tabular.Cell {
	cells := make([]tabular.Cell, len(columns))
	for i, c := range columns {
		switch c.name {
		case "created":
			cells[i] = l.moment(r.CreatedAt)
		case "changed":
			cells[i] = l.moment(r.ChangedAt)
		case "last_contact":
			cells[i] = l.moment(r.LastContactAt)
		case "phone":
			cells[i] = tabular.Text(r.Phone)
		default:
			cells[i] = tabular.Text(c.text(ctx, &l.dir, r))
		}
	}
	return cells
}

func (l listPage) moment(at clock.Instant) tabular.Cell {
	if at.IsZero() {
		return tabular.Text("")
	}
	return tabular.Moment(at.Time().In(l.dir.company.Location()))
}
