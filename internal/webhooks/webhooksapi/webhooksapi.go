// Package webhooksapi sets webhooks up for programs: JSON over the same use
// cases as the pages.
package webhooksapi

import (
	"context"
	"net/http"
	"strconv"

	"kartoteka.dev/internal/platform/api"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/webhooks"
)

type operations struct {
	webhooks *webhooks.Service
}

const (
	group = "webhooks"
	root  = "/api/v1/webhooks"
	one   = root + "/{id}"
)

// Register adds the operations to the API.
func Register(a *api.API, s *webhooks.Service) {
	o := operations{s}
	a.Describe(api.Group{Name: group, Text: "Addresses that are told what happens, by the Standard Webhooks convention; see docs/webhooks.md. All of it needs the right webhooks.manage."})
	api.Register(a, operation("list-webhooks", http.MethodGet, root, "List webhooks"), o.list)
	create := operation("create-webhook", http.MethodPost, root, "Add a webhook")
	create.Text = "The answer has the secret, this once. It is told of everything that happens from now on."
	create.Secret = true
	api.Register(a, create, o.create)
	api.Register(a, operation("find-webhook", http.MethodGet, one, "Read a webhook"), o.find)
	change := operation("change-webhook", http.MethodPatch, one, "Change a webhook, turn it on or off")
	change.Text = "Fields that are absent stay as they are. One that is turned on is told of what happens from then on."
	api.Register(a, change, o.change)
	remove := operation("remove-webhook", http.MethodDelete, one, "Remove a webhook and its log")
	remove.Status = http.StatusNoContent
	api.Register(a, remove, o.remove)
	secret := operation("change-webhook-secret", http.MethodPost, one+"/secret", "Give a webhook a new secret")
	secret.Text = "For 24 hours messages are signed with the old secret, too."
	secret.Status, secret.Secret = http.StatusOK, true
	api.Register(a, secret, o.changeSecret)
	o.registerDeliveries(a)
}

func operation(id, method, path, summary string) api.Operation {
	op := api.Operation{ID: id, Method: method, Path: path, Group: group, Summary: summary}
	if method == http.MethodPost {
		op.Status = http.StatusCreated
	}
	return op
}

// ByID addresses a webhook.
type ByID struct {
	ID int64 `path:"id" minimum:"1"`
}

// Webhook is an address that is told what happens.
type Webhook struct {
	ID           int64    `json:"id"`
	URL          string   `json:"url" example:"https://shop.example/kartoteka"`
	Description  string   `json:"description,omitempty"`
	Events       []string `json:"events" nullable:"false" example:"customers.created" doc:"Kinds of journal entries, or modules for all of theirs; empty: everything."`
	Role         string   `json:"role" doc:"It is told what somebody with this role may read in the journal."`
	Enabled      bool     `json:"enabled"`
	Why          string   `json:"why,omitempty" enum:"asked,gone,failing" doc:"Why it is off: somebody asked, it answered 410, or it failed for five days."`
	SecretHint   string   `json:"secret_hint" doc:"Beginning of the secret."`
	Secret       string   `json:"secret,omitempty" doc:"Only in the answer that made it."`
	OldUntil     string   `json:"old_secret_until,omitempty" format:"date-time" doc:"Messages are signed with the secret before, too, until then."`
	FailingSince string   `json:"failing_since,omitempty" format:"date-time"`
	CreatedAt    string   `json:"created_at" format:"date-time"`
}

func shape(e webhooks.Endpoint, secret string) Webhook {
	return Webhook{
		ID: e.ID, URL: e.URL, Description: e.Description, Events: append([]string{}, e.Events...), Role: string(e.Role), Enabled: e.Enabled,
		Why: string(e.Why), SecretHint: e.Hint, Secret: secret, OldUntil: api.Moment(e.OldUntil), FailingSince: api.Moment(e.FailingSince),
		CreatedAt: api.Moment(e.CreatedAt),
	}
}

type answer struct {
	Location string `header:"Location"`
	Body     Webhook
}

func answered(e webhooks.Endpoint, secret string, err error) (*answer, error) {
	if err != nil {
		return nil, err
	}
	return &answer{Location: root + "/" + strconv.FormatInt(e.ID, 10), Body: shape(e, secret)}, nil
}

func (o operations) list(ctx context.Context, _ *struct{}) (*struct{ Body api.List[Webhook] }, error) {
	all, err := o.webhooks.List(ctx)
	if err != nil {
		return nil, err
	}
	items := make([]Webhook, len(all))
	for i, e := range all {
		items[i] = shape(e, "")
	}
	return &struct{ Body api.List[Webhook] }{api.ListOf(items, "")}, nil
}

// NewWebhook is one to add.
type NewWebhook struct {
	URL         string   `json:"url" example:"https://shop.example/kartoteka" doc:"https, on the public internet unless the operator allows others."`
	Description string   `json:"description,omitempty"`
	Events      []string `json:"events,omitempty" example:"customers.created" doc:"Kinds of journal entries, or modules for all of theirs; absent: everything."`
	Role        string   `json:"role" enum:"administrator,head,supervisor,manager,operator,analyst" example:"analyst" doc:"It is told what somebody with this role may read in the journal; no more rights than yours."`
	Enabled     *bool    `json:"enabled,omitempty" doc:"true if absent."`
}

func (o operations) create(ctx context.Context, in *struct{ Body NewWebhook }) (*answer, error) {
	n := in.Body
	e, secret, err := o.webhooks.Create(ctx, webhooks.Input{
		URL: n.URL, Description: n.Description, Events: n.Events, Role: authz.Role(n.Role), Enabled: n.Enabled == nil || *n.Enabled,
	})
	return answered(e, secret, err)
}

func (o operations) find(ctx context.Context, in *ByID) (*answer, error) {
	e, err := o.webhooks.Find(ctx, in.ID)
	return answered(e, "", err)
}

// WebhookChange is what to change of one.
type WebhookChange struct {
	URL         api.Optional[string]   `json:"url,omitempty"`
	Description api.Optional[string]   `json:"description,omitempty"`
	Events      api.Optional[[]string] `json:"events,omitempty"`
	Role        api.Optional[string]   `json:"role,omitempty"`
	Enabled     api.Optional[bool]     `json:"enabled,omitempty"`
}

type changeInput struct {
	ByID
	Body WebhookChange
}

func (o operations) change(ctx context.Context, in *changeInput) (*answer, error) {
	now, err := o.webhooks.Find(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	ch := webhooks.Input{URL: now.URL, Description: now.Description, Events: now.Events, Role: now.Role, Enabled: now.Enabled}
	set(&ch.URL, in.Body.URL)
	set(&ch.Description, in.Body.Description)
	set(&ch.Events, in.Body.Events)
	set(&ch.Enabled, in.Body.Enabled)
	if in.Body.Role.Set {
		ch.Role = authz.Role(in.Body.Role.Value)
	}
	e, err := o.webhooks.Change(ctx, in.ID, ch)
	return answered(e, "", err)
}

func set[T any](to *T, from api.Optional[T]) {
	if from.Set {
		*to = from.Value
	}
}

func (o operations) remove(ctx context.Context, in *ByID) (*struct{}, error) {
	return nil, o.webhooks.Remove(ctx, in.ID)
}

func (o operations) changeSecret(ctx context.Context, in *ByID) (*answer, error) {
	e, secret, err := o.webhooks.ChangeSecret(ctx, in.ID)
	return answered(e, secret, err)
}
