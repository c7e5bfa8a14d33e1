package customersapi

import (
	"context"
	"net/http"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/api"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/web"
)

// maxBatchBody is how large a request with many customers may be.
const maxBatchBody = 16 << 20

func (o operations) registerBatch(a *api.API) {
	create := operation("create-customers", http.MethodPost, root+"/batch", "Create up to 1,000 customers")
	create.Text = "Each for itself: one that cannot be created does not stop the others, and says why at its place. They are written 250 a transaction; send an Idempotency-Key to be able to repeat the request."
	create.Status, create.MaxBody, create.Permission = http.StatusOK, maxBatchBody, "customers.create"
	api.Register(a, create, o.createBatch)
}

// NewCustomers are customers to create.
type NewCustomers struct {
	Customers []NewCustomer `json:"customers" minItems:"1" maxItems:"1000" nullable:"false"`
}

// BatchResult is what became of one of them.
type BatchResult struct {
	ID      int64        `json:"id,omitempty"`
	Number  string       `json:"number,omitempty" example:"K-000123"`
	Problem *web.Problem `json:"problem,omitempty" doc:"Why it was not created; fields name what must change."`
}

// Batch is what became of all, in the order in which they came.
type Batch struct {
	Created int           `json:"created"`
	Failed  int           `json:"failed"`
	Items   []BatchResult `json:"items" nullable:"false"`
}

func (o operations) createBatch(ctx context.Context, in *struct{ Body NewCustomers }) (*struct{ Body Batch }, error) {
	if _, err := authz.Require(ctx, "customersapi.createBatch", "customers.create"); err != nil {
		return nil, err
	}
	out := Batch{Items: make([]BatchResult, len(in.Body.Customers))}
	var all []customers.NewCustomer
	var at []int // places of those that can be read
	for i, n := range in.Body.Customers {
		c, err := n.domain(ctx)
		if err != nil {
			out.refuse(ctx, i, err)
			continue
		}
		all, at = append(all, c), append(at, i)
	}
	// What was written before something broke off stays written and is told.
	results, broken := o.Customers.CreateMany(ctx, all)
	if broken != nil && len(results) == 0 {
		return nil, broken
	}
	prefix := o.Company.Defaults(ctx).NumberPrefix
	for j, i := range at {
		switch {
		case j >= len(results):
			out.refuse(ctx, i, broken)
		case results[j].Err != nil:
			out.refuse(ctx, i, results[j].Err)
		default:
			c := results[j].Customer
			out.Created++
			out.Items[i] = BatchResult{ID: c.ID, Number: customers.FormatNumber(prefix, c.Number)}
		}
	}
	return &struct{ Body Batch }{out}, nil
}

// refuse says at its place why one was not created.
func (b *Batch) refuse(ctx context.Context, i int, err error) {
	p := web.ProblemOf(ctx, err)
	b.Failed++
	b.Items[i].Problem = &p
}
