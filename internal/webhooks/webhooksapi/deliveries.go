package webhooksapi

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"kartoteka.dev/internal/platform/api"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/webhooks"
)

func (o operations) registerDeliveries(a *api.API) {
	test := operation("test-webhook", http.MethodPost, one+"/test", "Send a test to a webhook")
	test.Text = "It is sent now, on or off, and answered with what came of it: a test that fails is an answer, not a failure."
	test.Status = http.StatusOK
	api.Register(a, test, o.test)

	list := operation("list-webhook-deliveries", http.MethodGet, one+"/deliveries", "List what a webhook was told")
	list.Text = "Newest first, of the last 30 days."
	api.Register(a, list, o.deliveries)

	api.Register(a, operation("find-webhook-delivery", http.MethodGet, one+"/deliveries/{delivery}", "Read a delivery with its attempts and its body"), o.delivery)

	replay := operation("replay-webhook-delivery", http.MethodPost, one+"/deliveries/{delivery}/replay", "Send a delivery again")
	replay.Status = http.StatusOK
	api.Register(a, replay, o.replay)

	failed := operation("replay-webhook", http.MethodPost, one+"/replay", "Send again all that was given up since a moment")
	failed.Status = http.StatusOK
	api.Register(a, failed, o.replayFailed)
}

// Delivery is one entry of the journal on its way to a webhook.
type Delivery struct {
	ID          int64           `json:"id"`
	MessageID   string          `json:"message_id" doc:"webhook-id of every attempt."`
	EntryID     int64           `json:"entry_id,omitempty" doc:"Of the journal; absent for a test."`
	Event       string          `json:"event" example:"customers.created"`
	State       string          `json:"state" enum:"waiting,delivered,failed" doc:"failed: given up after three days."`
	Attempts    int             `json:"attempts" doc:"Made so far."`
	NextAt      string          `json:"next_at,omitempty" format:"date-time" doc:"It is tried again, not before."`
	CreatedAt   string          `json:"created_at" format:"date-time"`
	LastAttempt *Attempt        `json:"last_attempt,omitempty"`
	Log         []Attempt       `json:"log,omitempty" doc:"Newest first; only of a single delivery."`
	Body        json.RawMessage `json:"body,omitempty" doc:"What it says now; only of a single delivery."`
}

// Attempt is one try.
type Attempt struct {
	At       string `json:"at" format:"date-time"`
	Status   int    `json:"status,omitempty" doc:"Absent if there was no answer."`
	Answer   string `json:"answer,omitempty" doc:"The first 2 KB."`
	Trouble  string `json:"trouble,omitempty" doc:"Why there was no answer: private (the address leads to this machine or a private network), timeout, withheld (its role may not know of it any more), or what the network said."`
	Duration int64  `json:"duration_ms"`
}

func shapeAttempt(a webhooks.Attempt) Attempt {
	return Attempt{api.Moment(a.At), a.Status, a.Answer, a.Trouble, a.Took.Milliseconds()}
}

func shapeDelivery(d webhooks.Delivery) Delivery {
	out := Delivery{
		ID: d.ID, MessageID: d.MessageID(), EntryID: d.EntryID, Event: d.Event, State: string(d.State), Attempts: d.Attempts,
		CreatedAt: api.Moment(d.CreatedAt),
	}
	if d.State == webhooks.Waiting {
		out.NextAt = api.Moment(d.NextAt)
	}
	if d.Attempts > 0 {
		last := shapeAttempt(d.Last)
		out.LastAttempt = &last
	}
	return out
}

func (o operations) test(ctx context.Context, in *ByID) (*struct{ Body Delivery }, error) {
	d, err := o.webhooks.Test(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &struct{ Body Delivery }{shapeDelivery(d)}, nil
}

type deliveriesInput struct {
	ByID
	api.Page
	State string `query:"state" enum:"waiting,delivered,failed"`
}

func (o operations) deliveries(ctx context.Context, in *deliveriesInput) (*struct{ Body api.List[Delivery] }, error) {
	before, err := strconv.ParseInt(in.Cursor, 10, 64)
	if in.Cursor != "" && (err != nil || before < 1) {
		return nil, errs.InvalidFields("webhooksapi.deliveries", errs.Field("cursor", "filter.error.cursor-unfit"))
	}
	all, next, err := o.webhooks.Deliveries(ctx, in.ID, webhooks.LogQuery{State: webhooks.State(in.State), Before: before, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	items := make([]Delivery, len(all))
	for i, d := range all {
		items[i] = shapeDelivery(d)
	}
	cursor := ""
	if next != 0 {
		cursor = strconv.FormatInt(next, 10)
	}
	return &struct{ Body api.List[Delivery] }{api.ListOf(items, cursor)}, nil
}

type deliveryInput struct {
	ByID
	Delivery int64 `path:"delivery" minimum:"1"`
}

func (o operations) delivery(ctx context.Context, in *deliveryInput) (*struct{ Body Delivery }, error) {
	d, attempts, body, err := o.webhooks.FindDelivery(ctx, in.ID, in.Delivery)
	if err != nil {
		return nil, err
	}
	out := shapeDelivery(d)
	for _, a := range attempts {
		out.Log = append(out.Log, shapeAttempt(a))
	}
	if body != "" {
		out.Body = json.RawMessage(body)
	}
	return &struct{ Body Delivery }{out}, nil
}

func (o operations) replay(ctx context.Context, in *deliveryInput) (*struct{ Body Delivery }, error) {
	d, err := o.webhooks.Replay(ctx, in.ID, in.Delivery)
	if err != nil {
		return nil, err
	}
	return &struct{ Body Delivery }{shapeDelivery(d)}, nil
}

// Since says from when on.
type Since struct {
	Since string `json:"since,omitempty" format:"date-time" example:"2026-12-01T00:00:00Z" doc:"All of the last 30 days if absent."`
}

// Replayed says how many are sent again.
type Replayed struct {
	Deliveries int64 `json:"deliveries"`
}

type replayInput struct {
	ByID
	Body Since
}

func (o operations) replayFailed(ctx context.Context, in *replayInput) (*struct{ Body Replayed }, error) {
	since, err := api.ParseMoment("since", in.Body.Since)
	if err != nil {
		return nil, err
	}
	n, err := o.webhooks.ReplayFailed(ctx, in.ID, since)
	if err != nil {
		return nil, err
	}
	return &struct{ Body Replayed }{Replayed{n}}, nil
}
