package importsapi

import (
	"bytes"
	"context"
	"strconv"

	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/api"
	"kartoteka.dev/internal/platform/web"
)

// ImportRow is what became of one row of a file.
type ImportRow struct {
	Row      int64        `json:"row" doc:"Line of the text file, or row of the sheet."`
	Action   string       `json:"action" enum:"created,updated,skipped,rejected"`
	RecordID int64        `json:"record_id,omitempty"`
	Problems []RowProblem `json:"problems,omitempty"`
}

// RowProblem is what is wrong with a row, and the way out.
type RowProblem struct {
	Field   string `json:"field,omitempty"`
	Value   string `json:"value,omitempty"`
	Text    string `json:"text" doc:"In the language of Accept-Language."`
	Suggest string `json:"suggest,omitempty" doc:"A value that would do."`
	Note    bool   `json:"note,omitempty" doc:"The row was taken all the same."`
}

type rowsInput struct {
	ID     int64  `path:"id" minimum:"1"`
	Action string `query:"action" enum:"created,updated,skipped,rejected" doc:"Only these; all if absent."`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
	Cursor int64  `query:"cursor" minimum:"0" doc:"next of the page before."`
}

func (o operations) rows(ctx context.Context, in *rowsInput) (*struct{ Body api.List[ImportRow] }, error) {
	all, err := o.imports.ListRows(ctx, in.ID, imports.Action(in.Action), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	items, next := make([]ImportRow, len(all)), ""
	for i, r := range all {
		items[i] = ImportRow{Row: r.Row, Action: string(r.Action), RecordID: r.RecordID}
		for _, p := range r.Problems {
			items[i].Problems = append(items[i].Problems, RowProblem{p.Field, p.Value, web.Tell(ctx, p.Text), p.Suggest, p.Note})
		}
	}
	if len(all) == in.Limit {
		next = strconv.FormatInt(all[len(all)-1].Row, 10)
	}
	return &struct{ Body api.List[ImportRow] }{api.ListOf(items, next)}, nil
}

type rejectsOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte `contentType:"text/csv"`
}

func (o operations) rejects(ctx context.Context, in *byID) (*rejectsOutput, error) {
	var b bytes.Buffer
	if err := o.imports.WriteRejects(ctx, in.ID, &b, imports.CSV); err != nil {
		return nil, err
	}
	return &rejectsOutput{"text/csv; charset=utf-8", `attachment; filename="rejects.csv"`, b.Bytes()}, nil
}
