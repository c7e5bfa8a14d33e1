// Package importsapi brings files in for programs: JSON over the same use
// cases as the pages.
package importsapi

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/api"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/tabular"
	"kartoteka.dev/internal/platform/web"
)

type operations struct {
	imports *imports.Service
}

const (
	group = "imports"
	root  = "/api/v1/imports"
	one   = root + "/{id}"
)

// Register adds the operations to the API.
func Register(a *api.API, s *imports.Service) {
	o := operations{s}
	a.Describe(api.Group{Name: group, Text: "Files of CSV, XLSX or vCard on their way in. They run in the background: read the import until its state is done, failed or cancelled."})
	api.Register(a, api.Operation{
		ID: "start-import", Method: http.MethodPost, Path: root, Group: group, Status: http.StatusCreated,
		Summary: "Bring a file in", MaxBody: imports.MaxFile + 1<<20, Permission: imports.RunImports,
		Text: "multipart/form-data. Encoding, delimiter, header and columns are found out; what mapping says wins. A dry run reads and counts everything and keeps nothing.",
	}, o.start)
	api.Register(a, api.Operation{ID: "list-imports", Method: http.MethodGet, Path: root, Group: group, Summary: "List imports, newest first"}, o.list)
	api.Register(a, api.Operation{ID: "find-import", Method: http.MethodGet, Path: one, Group: group, Summary: "See how far an import is"}, o.find)
	api.Register(a, api.Operation{
		ID: "list-import-rows", Method: http.MethodGet, Path: one + "/rows", Group: group, Summary: "List what became of the rows of a file",
	}, o.rows)
	api.Register(a, api.Operation{
		ID: "cancel-import", Method: http.MethodPost, Path: one + "/cancel", Group: group, Status: http.StatusOK,
		Summary: "Stop an import; what is in stays in",
	}, o.cancel)
	api.Register(a, api.Operation{
		ID: "resume-import", Method: http.MethodPost, Path: one + "/resume", Group: group, Status: http.StatusOK,
		Summary: "Go on with an import that was cancelled or failed",
	}, o.resume)
	api.Register(a, api.Operation{
		ID: "read-rejects", Method: http.MethodGet, Path: one + "/rejects", Group: group,
		Summary: "Download the rows that were kept out, with the reasons", Text: "CSV with the file's own columns and the reason in the language of Accept-Language behind them.",
	}, o.rejects)
}

// Import is a file on its way in.
type Import struct {
	ID         int64    `json:"id"`
	Kind       string   `json:"kind" example:"customers"`
	State      string   `json:"state" enum:"draft,queued,running,done,failed,cancelled"`
	DryRun     bool     `json:"dry_run"`
	File       string   `json:"file" doc:"Its name."`
	Rows       int64    `json:"rows" doc:"Rows that are done."`
	Created    int64    `json:"created"`
	Updated    int64    `json:"updated"`
	Skipped    int64    `json:"skipped"`
	Rejected   int64    `json:"rejected"`
	Noted      int64    `json:"noted" doc:"Rows taken with a remark, among the others."`
	Percent    int      `json:"percent"`
	Assumed    []string `json:"assumed,omitempty" doc:"Columns with dates such as 03/04/2026 that were read day first without anybody having said so."`
	Failure    string   `json:"failure,omitempty" doc:"Why it failed, in the language of Accept-Language."`
	CreatedAt  string   `json:"created_at" format:"date-time"`
	StartedAt  string   `json:"started_at,omitempty" format:"date-time"`
	FinishedAt string   `json:"finished_at,omitempty" format:"date-time"`
}

func shape(ctx context.Context, i imports.Import) Import {
	out := Import{
		ID: i.ID, Kind: i.Kind, State: string(i.State), DryRun: i.DryRun, File: i.FileName, Rows: i.Rows,
		Created: i.Created, Updated: i.Updated, Skipped: i.Skipped, Rejected: i.Rejected, Noted: i.Noted, Percent: i.Percent(), Assumed: i.Plan.Assumed(),
		CreatedAt: api.Moment(i.CreatedAt), StartedAt: api.Moment(i.StartedAt), FinishedAt: api.Moment(i.FinishedAt),
	}
	if i.Failure.ID != "" {
		out.Failure = web.Tell(ctx, i.Failure)
	}
	return out
}

type output struct {
	Location string `header:"Location"`
	Body     Import
}

type startForm struct {
	File      huma.FormFile `form:"file" required:"true" contentType:"application/octet-stream"`
	Kind      string        `form:"kind" example:"customers" doc:"What is in it: customers."`
	Mapping   string        `form:"mapping" required:"false" example:"{\"account\":\"name\"}" doc:"JSON: where columns go, by header (or A, B…): the name of a field, an empty text for nowhere, new for a new custom field. Columns it does not name go nowhere. Absent: found out."`
	Options   string        `form:"options" required:"false" doc:"JSON: match (none, external_id, name_country, email, phone), on_match (skip, update, create), defaults (field: value), source (of external ids)."`
	NewFields bool          `form:"new_fields" required:"false" doc:"Make custom fields for columns that have none."`
	Dates     string        `form:"dates" required:"false" enum:"dmy,mdy,ymd" doc:"How to read dates such as 03/04/2026 in columns whose values do not tell. Absent: as the last time, else day first, which assumed then says."`
	DryRun    bool          `form:"dry_run" required:"false" example:"true"`
}

type startInput struct {
	RawBody huma.MultipartFormFiles[startForm]
}

func (o operations) start(ctx context.Context, in *startInput) (*output, error) {
	form := in.RawBody.Data()
	defer func() { _ = form.File.Close() }()
	n := imports.NewImport{Kind: form.Kind, FileName: form.File.Filename, Content: form.File, NewFields: form.NewFields}
	if n.Kind == "" {
		return nil, errs.InvalidFields("importsapi.start", errs.Field("kind", "errors.field-missing"))
	}
	if order, ok := imports.ParseOrder(form.Dates); ok {
		n.Dates = map[string]tabular.DateOrder{"": order}
	} else if form.Dates != "" {
		return nil, errs.InvalidFields("importsapi.start", errs.Field("dates", "errors.field-not-chosen"))
	}
	if err := read("mapping", form.Mapping, &n.Mapping); err != nil {
		return nil, err
	}
	if err := read("options", form.Options, &n.Options); err != nil {
		return nil, err
	}
	made, err := o.imports.Upload(ctx, n)
	if err != nil {
		return nil, err
	}
	i, err := o.imports.Start(ctx, made.ID, form.DryRun)
	if err != nil {
		_ = o.imports.RemoveDraft(ctx, made.ID) // the answer is why it cannot start
		return nil, err
	}
	return &output{root + "/" + strconv.FormatInt(i.ID, 10), shape(ctx, i)}, nil
}

// read reads a part of the form that is JSON; unknown names are refused.
func read(field, text string, into any) error {
	if text == "" {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return errs.InvalidFields("importsapi.read", errs.Field(field, "api.error.unreadable", "Reason", err.Error()))
	}
	return nil
}

type byID struct {
	ID int64 `path:"id" minimum:"1"`
}

func (o operations) find(ctx context.Context, in *byID) (*output, error) {
	i, err := o.imports.Find(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &output{Body: shape(ctx, i)}, nil
}

type listInput struct {
	Limit  int   `query:"limit" minimum:"1" maximum:"100" default:"50"`
	Cursor int64 `query:"cursor" minimum:"0" doc:"next of the page before."`
}

func (o operations) list(ctx context.Context, in *listInput) (*struct{ Body api.List[Import] }, error) {
	all, err := o.imports.List(ctx, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	items, next := make([]Import, len(all)), ""
	for i, one := range all {
		items[i] = shape(ctx, one)
	}
	if len(all) == in.Limit {
		next = strconv.FormatInt(all[len(all)-1].ID, 10)
	}
	return &struct{ Body api.List[Import] }{api.ListOf(items, next)}, nil
}

func (o operations) cancel(ctx context.Context, in *byID) (*output, error) {
	if err := o.imports.Cancel(ctx, in.ID); err != nil {
		return nil, err
	}
	return o.find(ctx, in)
}

func (o operations) resume(ctx context.Context, in *byID) (*output, error) {
	i, err := o.imports.Resume(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &output{Body: shape(ctx, i)}, nil
}
