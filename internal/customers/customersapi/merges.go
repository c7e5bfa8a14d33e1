package customersapi

import (
	"context"
	"net/http"

	"kartoteka.dev/internal/customers/merging"
	"kartoteka.dev/internal/platform/api"
)

func (o operations) registerMerges(a *api.API) {
	merge := operation("merge-customer", http.MethodPost, one+"/merge", "Merge a customer into another one")
	merge.Text = "What hangs on the customer moves to the other, the survivor; its number and its id in other systems lead there from now on, and reading it gives the survivor with merged_from. A field that is not chosen keeps the survivor's value, or takes the other's where it has none. It can be undone for 90 days."
	api.Register(a, merge, o.merge)

	list := operation("list-merges", http.MethodGet, one+"/merges", "List the customers that were merged into this one")
	api.Register(a, list, o.merges)

	undo := operation("undo-merge", http.MethodPost, "/api/v1/merges/{id}/undo", "Part two merged customers again")
	undo.Text = "Everything goes back where it was. What came after the merge stays with the survivor, unless it hangs on a contact that goes back; fields of the survivor that were changed since keep the newer value and are told in kept. Of several merges into one customer the newest is undone first."
	undo.Status = http.StatusOK
	api.Register(a, undo, o.unmerge)
}

// Merge is one customer merged into another.
type Merge struct {
	ID     int64    `json:"id" doc:"For POST /api/v1/merges/{id}/undo."`
	FromID int64    `json:"from_id"`
	From   string   `json:"from" doc:"The name of the merged customer."`
	IntoID int64    `json:"into_id" doc:"The survivor."`
	At     string   `json:"at" format:"date-time"`
	By     string   `json:"by"`
	Kept   []string `json:"kept,omitempty" doc:"After undoing: fields of the survivor that were changed since the merge and keep the newer value."`
}

func mergeShape(m merging.Merge) Merge {
	return Merge{ID: m.ID, FromID: m.FromID, From: m.FromName, IntoID: m.IntoID, At: api.Moment(m.At), By: m.ByName}
}

// MergeOrder says into which customer, and whose values count.
type MergeOrder struct {
	Into        int64             `json:"into" minimum:"1" doc:"The customer that stays."`
	IntoVersion int64             `json:"into_version,omitempty" minimum:"0" doc:"The version of it that was read; If-Match says that of the merged one."`
	Choices     map[string]string `json:"choices,omitempty" doc:"from or into, by the name of the field, such as name, tax_id or custom.colour." example:"{\"name\":\"from\"}"`
}

type mergeInput struct {
	api.Expected
	ByID
	Body MergeOrder
}

type mergeOutput struct {
	Body Merge
}

func (o operations) merge(ctx context.Context, in *mergeInput) (*mergeOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	order := merging.Order{
		From: in.ID, FromVersion: version, Into: in.Body.Into, IntoVersion: in.Body.IntoVersion, Choices: map[string]merging.Side{},
	}
	for name, side := range in.Body.Choices {
		order.Choices[name] = merging.Side(side)
	}
	m, err := o.Merging.Merge(ctx, order)
	if err != nil {
		return nil, err
	}
	return &mergeOutput{mergeShape(m)}, nil
}

func (o operations) merges(ctx context.Context, in *ByID) (*struct{ Body api.List[Merge] }, error) {
	all, err := o.Merging.Standing(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	items := make([]Merge, len(all))
	for i, m := range all {
		items[i] = mergeShape(m)
	}
	return &struct{ Body api.List[Merge] }{api.ListOf(items, "")}, nil
}

func (o operations) unmerge(ctx context.Context, in *ByID) (*mergeOutput, error) {
	parted, err := o.Merging.Unmerge(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	body := mergeShape(parted.Merge)
	body.Kept = parted.Kept
	return &mergeOutput{body}, nil
}
