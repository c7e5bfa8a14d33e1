package customersapi

import (
	"context"
	"net/http"
	"slices"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/api"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/filter"
)

func (o operations) registerCustomers(a *api.API) {
	create := operation("create-customer", http.MethodPost, root, "Create a customer with everything known of it")
	create.Text = "All in one step: points, addresses, contacts, dates, tags and custom fields are created together or not at all."
	api.Register(a, create, o.create)

	list := operation("list-customers", http.MethodGet, root, "List customers")
	list.Text = "Filters are described in docs/filters.md: filter=country in (BG, GE) and tags has vip. Archived customers are listed only if the filter asks for their state. With q come the best matches in order of likelihood, without further pages."
	api.Register(a, list, o.list)

	find := operation("find-customer", http.MethodGet, one, "Read a customer")
	find.Text = "One that was merged into another gives that other, with merged_from."
	api.Register(a, find, o.find)

	change := operation("change-customer", http.MethodPatch, one, "Change fields of a customer")
	change.Text = "Fields that are absent stay as they are, null empties one. With If-Match a customer that somebody changed meanwhile is left alone and answered with 412."
	api.Register(a, change, o.change)

	remove := operation("archive-customer", http.MethodDelete, one, "Archive a customer, or erase a person")
	remove.Text = "An archived customer keeps everything and can be restored. With erase=true a person's data is destroyed for good; the business history stays without them."
	remove.Status = http.StatusNoContent
	api.Register(a, remove, o.remove)

	restore := operation("restore-customer", http.MethodPost, one+"/restore", "Bring a customer back from the archive")
	restore.Status = http.StatusOK
	api.Register(a, restore, o.restore)

	api.Register(a, api.Operation{
		ID: "search", Method: http.MethodGet, Path: "/api/v1/search", Group: group,
		Summary: "Search by name, contact, phone, e-mail, number, tax id, notes or file names",
		Text: "Names are found in any script: ivan finds Иван. Exact matches come first, then your own customers, then those spoken to last; " +
			"if there is room, names follow that contain the words or are like them but for a slip (why.near). why tells what matched.",
	}, o.search)
}

type found struct {
	ETag string `header:"ETag"`
	Body Customer
}

func (o operations) find(ctx context.Context, in *ByID) (*found, error) {
	c, err := o.Customers.FindCard(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if c.MergedIntoID == 0 {
		return &found{ETag: api.ETag(c.Version), Body: o.card(ctx, c)}, nil
	}
	if c, err = o.Customers.FindCard(ctx, c.MergedIntoID); err != nil {
		return nil, err
	}
	body := o.card(ctx, c)
	body.MergedFrom = in.ID
	return &found{ETag: api.ETag(c.Version), Body: body}, nil
}

type listInput struct {
	api.Page
	Q      string `query:"q" doc:"Words to search for, as in GET /api/v1/search. With it there are 50 items at most."`
	Filter string `query:"filter" doc:"Conditions, such as: country = BG and last_contact older 30d"`
	Sort   string `query:"sort" doc:"Fields to order by, falling with a minus: name,-created. By number if empty."`
}

type listed struct {
	Body api.List[Customer]
}

func (o operations) list(ctx context.Context, in *listInput) (*listed, error) {
	node, err := filter.Parse(in.Filter)
	if err != nil {
		return nil, err
	}
	q := customers.ListQuery{Filter: node, Sort: in.Sort, Cursor: in.Cursor, Limit: in.Limit, Columns: []string{"custom"}}
	if in.Q != "" {
		return o.listMatches(ctx, in, q)
	}
	page, err := o.Customers.List(ctx, q)
	if err != nil {
		return nil, err
	}
	return &listed{api.ListOf(o.rows(ctx, page.Items), page.Next)}, nil
}

func (o operations) rows(ctx context.Context, rows []customers.Row) []Customer {
	items := make([]Customer, len(rows))
	for i, r := range rows {
		items[i] = o.row(ctx, r)
	}
	return items
}

// mostMatches is how many found customers are listed.
const mostMatches = 50

// listMatches lists those customers found by words which satisfy the filter,
// the likeliest first if nothing else is asked for.
func (o operations) listMatches(ctx context.Context, in *listInput, q customers.ListQuery) (*listed, error) {
	if in.Cursor != "" {
		return nil, errs.InvalidFields("customersapi.list", errs.Field("cursor", "filter.error.cursor-unfit"))
	}
	hits, err := o.Customers.Search(ctx, in.Q, mostMatches)
	if err != nil {
		return nil, err
	}
	if len(hits) == 0 {
		return &listed{api.ListOf[Customer](nil, "")}, nil
	}
	if !hits[0].Why.Near { // a list is of those meant, not of others like them
		hits = slices.DeleteFunc(hits, func(h customers.Hit) bool { return h.Why.Near })
	}
	rank := make(map[int64]int, len(hits))
	for i, h := range hits {
		rank[h.ID], q.IDs = i, append(q.IDs, h.ID)
	}
	q.Limit = mostMatches
	page, err := o.Customers.List(ctx, q)
	if err != nil {
		return nil, err
	}
	if in.Sort == "" {
		slices.SortFunc(page.Items, func(a, b customers.Row) int { return rank[a.ID] - rank[b.ID] })
	}
	if in.Limit > 0 && len(page.Items) > in.Limit {
		page.Items = page.Items[:in.Limit]
	}
	return &listed{api.ListOf(o.rows(ctx, page.Items), "")}, nil
}

// Hit is a customer found by words: without tags and custom fields, which GET
// on the customer gives.
type Hit struct {
	Customer
	Tags   []string       `json:"tags,omitempty" hidden:"true"`
	Custom map[string]any `json:"custom,omitempty" hidden:"true"`
	Why    Why            `json:"why"`
}

// Why tells by what a customer was found.
type Why struct {
	Kind    string   `json:"kind" enum:"name,contact,phone,email,messenger,number,tax,note,file"`
	Text    string   `json:"text" doc:"What matched, as it is kept; of a note the part around it."`
	Matched []string `json:"matched,omitempty" doc:"The parts of text that match, in order."`
	Near    bool     `json:"near,omitzero" doc:"The name only contains the words, or is like them but for a slip of the hand."`
}

type searchInput struct {
	Q     string `query:"q" required:"true" doc:"What a person would type into the search box."`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

func (o operations) search(ctx context.Context, in *searchInput) (*struct{ Body api.List[Hit] }, error) {
	hits, err := o.Customers.Search(ctx, in.Q, in.Limit)
	if err != nil {
		return nil, err
	}
	items := make([]Hit, len(hits))
	for i, h := range hits {
		c := o.shape(ctx, h.Customer)
		c.Phones, c.Emails = append(c.Phones, h.Phones...), append(c.Emails, h.Emails...)
		items[i] = Hit{Customer: c, Why: Why(h.Why)}
	}
	return &struct{ Body api.List[Hit] }{api.ListOf(items, "")}, nil
}
