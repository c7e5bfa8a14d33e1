package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/journal"
)

// Who is the actor that enqueued a job.
type Who struct {
	Kind    authz.ActorKind `json:"kind"`
	UserID  int64           `json:"user_id,omitempty"`
	TokenID int64           `json:"token_id,omitempty"`
	Name    string          `json:"name,omitempty"`
}

// origin is kept with a job: in whose name, in which language and because of
// which request it works.
type origin struct {
	Who      Who    `json:"who"`
	Lang     string `json:"lang"`
	Zone     string `json:"zone"`
	Currency string `json:"currency"`
	Request  string `json:"request,omitempty"`
}

type metadata struct {
	Origin origin `json:"origin"`
}

func metadataOf(ctx context.Context) ([]byte, error) {
	actor, locale := authz.From(ctx), i18n.From(ctx)
	m := metadata{Origin: origin{
		Who:  Who{Kind: actor.Kind, UserID: actor.UserID, TokenID: actor.TokenID, Name: actor.Name},
		Lang: string(locale.Lang), Zone: locale.Zone.String(), Currency: locale.Currency,
		Request: journal.RequestID(ctx),
	}}
	text, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("jobs: metadata: %w", err)
	}
	return text, nil
}

// originOf reads what metadataOf wrote; what cannot be read is left empty.
func originOf(text []byte) origin {
	var m metadata
	_ = json.Unmarshal(text, &m) // an unreadable origin must not stop the work
	return m.Origin
}

// context puts the system to work on behalf of the one who enqueued: with
// every right, and with their name in the journal.
func (o origin) context(ctx context.Context) context.Context {
	actor := authz.Actor{Kind: authz.System, UserID: o.Who.UserID, Name: o.Who.Name}
	ctx = authz.With(ctx, actor)
	zone, err := clock.Zone(o.Zone)
	if err != nil {
		zone = time.UTC
	}
	ctx = i18n.With(ctx, i18n.Locale{Lang: i18n.Lang(o.Lang), Zone: zone, Currency: o.Currency})
	return journal.WithRequest(ctx, o.Request)
}
