// Package duplicatesapi is duplicates for programs: JSON over the same use
// cases as the page.
package duplicatesapi

import (
	"context"
	"net/http"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/merging"
	"kartoteka.dev/internal/duplicates"
	"kartoteka.dev/internal/platform/api"
)

// Deps are what the operations need.
type Deps struct {
	Duplicates *duplicates.Service
	Company    customers.Company // for the prefix of numbers
}

type operations struct {
	Deps
}

const (
	group = "duplicates"
	root  = "/api/v1/duplicates"
)

// Register adds the operations to the API.
func Register(a *api.API, d Deps) {
	o := operations{d}
	a.Describe(api.Group{Name: group, Text: "Customers who may be in the file twice. Merge them with POST /api/v1/customers/{id}/merge."})
	api.Register(a, api.Operation{
		ID: "list-duplicates", Method: http.MethodGet, Path: root, Group: group, Permission: merging.Right,
		Summary: "List pairs of customers that may be one, the likeliest first",
		Text:    "Found by a look through the file every night. The score is in bits: 0 is even odds, each more is twice as likely; why says what every field added.",
	}, o.list)
	api.Register(a, api.Operation{
		ID: "dismiss-duplicate", Method: http.MethodPost, Path: root + "/dismiss", Group: group, Permission: merging.Right,
		Status: http.StatusNoContent, Summary: "Remember that two customers are two",
		Text: "They are not proposed again until one of them changes.",
	}, o.dismiss)
	api.Register(a, api.Operation{
		ID: "find-duplicates", Method: http.MethodPost, Path: root + "/find", Group: group, Permission: merging.Right,
		Status: http.StatusAccepted, Summary: "Have the file looked through soon", Text: "It needs the right to merge all customers.",
	}, o.find)
}

// Pair is two customers that may be one.
type Pair struct {
	A       Side     `json:"a"`
	B       Side     `json:"b"`
	Score   float64  `json:"score" doc:"Bits; 0 is even odds."`
	Verdict string   `json:"verdict" enum:"possible,sure"`
	Why     []Reason `json:"why" nullable:"false"`
	FoundAt string   `json:"found_at" format:"date-time"`
}

// Side is one of the two.
type Side struct {
	ID     int64  `json:"id"`
	Number string `json:"number"`
	Name   string `json:"name"`
}

// Reason is what one field says.
type Reason struct {
	Field string  `json:"field"`
	Level string  `json:"level" enum:"equal,close,alike,different"`
	Bits  float64 `json:"bits" doc:"For the two being one; negative speaks against it."`
}

type listInput struct {
	Sure   bool   `query:"sure" doc:"Only the sure ones."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"25"`
	Cursor string `query:"cursor" doc:"next of the page before."`
}

func (o operations) list(ctx context.Context, in *listInput) (*struct{ Body api.List[Pair] }, error) {
	page, err := o.Duplicates.List(ctx, duplicates.Query{Cursor: in.Cursor, Limit: in.Limit, Sure: in.Sure})
	if err != nil {
		return nil, err
	}
	items := make([]Pair, len(page.Items))
	for i, p := range page.Items {
		items[i] = Pair{A: o.side(ctx, p.A), B: o.side(ctx, p.B), Score: p.Score, Verdict: p.Verdict.String(), Why: []Reason{}, FoundAt: api.Moment(p.FoundAt)}
		for _, r := range p.Why {
			items[i].Why = append(items[i].Why, Reason(r))
		}
	}
	return &struct{ Body api.List[Pair] }{api.ListOf(items, page.Next)}, nil
}

func (o operations) side(ctx context.Context, r customers.Row) Side {
	return Side{r.ID, customers.FormatNumber(o.Company.Defaults(ctx).NumberPrefix, r.Number), r.Name}
}

type dismissInput struct {
	Body struct {
		A int64 `json:"a" minimum:"1"`
		B int64 `json:"b" minimum:"1"`
	}
}

func (o operations) dismiss(ctx context.Context, in *dismissInput) (*struct{}, error) {
	return nil, o.Duplicates.Dismiss(ctx, in.Body.A, in.Body.B)
}

func (o operations) find(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, o.Duplicates.Look(ctx)
}
