package webhooks

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/journal"
)

// Why is the reason for which an endpoint is off.
type Why string

// Nobody turned it off, somebody did, the other side said that it is gone for
// good (410), or it has failed for days.
const (
	WhyNot     Why = ""
	WhyAsked   Why = "asked"
	WhyGone    Why = "gone"
	WhyFailing Why = "failing"
)

// Endpoint is an address that is told what happens.
type Endpoint struct {
	ID           int64
	URL          string
	Description  string
	Events       []string   // kinds of entries or modules; empty: all
	Role         authz.Role // as whom it reads
	Hint         string     // beginning of its secret, to recognise it by
	Enabled      bool
	Why          Why           // it is off
	FailingSince clock.Instant // zero while it answers as it should
	ResumeAt     clock.Instant // it cannot be reached; not tried before
	OldUntil     clock.Instant // a secret that was replaced is signed with, too, until then
	CreatedBy    string
	CreatedAt    clock.Instant

	secret, oldSecret string
	cursor            int64
}

// Input is what is set about an endpoint.
type Input struct {
	URL         string
	Description string
	Events      []string
	Role        authz.Role
	Enabled     bool
}

// Limits of texts, in characters, and of endpoints.
const (
	maxURL         = 2000
	maxDescription = 500
	maxEndpoints   = 100
)

func (in Input) tidy() Input {
	in.URL = strings.TrimSpace(in.URL)
	in.Description = strings.TrimSpace(in.Description)
	var events []string
	for _, e := range in.Events {
		if e = strings.TrimSpace(e); e != "" && !slices.Contains(events, e) {
			events = append(events, e)
		}
	}
	// a kind whose module is chosen as a whole adds nothing
	events = slices.DeleteFunc(events, func(e string) bool {
		module, _, one := strings.Cut(e, ".")
		return one && slices.Contains(events, module)
	})
	slices.Sort(events)
	in.Events = events
	return in
}

func (s *Service) check(in Input) []errs.FieldError {
	var bad []errs.FieldError
	add := func(wrong bool, field, text string, args ...any) {
		if wrong {
			bad = append(bad, errs.Field(field, text, args...))
		}
	}
	add(in.URL == "", "url", "errors.field-missing")
	if in.URL != "" {
		if text := s.unfit(in.URL); text != "" {
			bad = append(bad, errs.Field("url", text))
		}
	}
	add(utf8.RuneCountInString(in.URL) > maxURL, "url", "errors.field-too-long", "Max", maxURL)
	add(utf8.RuneCountInString(in.Description) > maxDescription, "description", "errors.field-too-long", "Max", maxDescription)
	add(!in.Role.Valid(), "role", "errors.field-not-chosen")
	for _, e := range in.Events {
		if len(s.kinds(e)) == 0 {
			bad = append(bad, errs.Field("events", "webhooks.error.event-unknown", "Event", e))
		}
	}
	return bad
}

// unfit tells what is wrong with an address; "" if nothing is. What a name
// leads to is looked at when the connection is made.
func (s *Service) unfit(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Hostname() == "" || u.User != nil || u.Fragment != "" || u.Opaque != "" ||
		(u.Scheme != "https" && u.Scheme != "http") || strings.ContainsFunc(address, unfitRune) {
		return "webhooks.error.url-wrong"
	}
	if s.allowPrivate {
		return ""
	}
	if u.Scheme != "https" {
		return "webhooks.error.url-plain"
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if ip, err := netip.ParseAddr(host); err == nil && !public(ip) || host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return "webhooks.error.url-private"
	}
	return ""
}

func unfitRune(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }

// record is an endpoint as the journal keeps it.
type record struct {
	URL         string     `json:"url"`
	Description string     `json:"description,omitempty"`
	Events      []string   `json:"events,omitempty"`
	Role        authz.Role `json:"role"`
	Enabled     bool       `json:"enabled"`
	Why         Why        `json:"why,omitempty"`
}

func (e Endpoint) record() record {
	return record{e.URL, e.Description, e.Events, e.Role, e.Enabled, e.Why}
}

func (e Endpoint) ref() journal.Ref { return journal.Ref{Type: "webhook", ID: e.ID} }

// wants tells whether an event was asked for.
func (e Endpoint) wants(kind string) bool {
	module, _, _ := strings.Cut(kind, ".")
	return len(e.Events) == 0 || slices.Contains(e.Events, kind) || slices.Contains(e.Events, module)
}

// secrets are those that messages are signed with now.
func (e Endpoint) secrets(now clock.Instant) []string {
	if e.oldSecret != "" && now < e.OldUntil {
		return []string{e.secret, e.oldSecret}
	}
	return []string{e.secret}
}

const (
	sqlListEndpoints = `
SELECT id, url, description, events, role, secret, old_secret, old_until, enabled, disabled_why, failing_since, resume_at,
  cursor_id, created_by, created_at
FROM webhooks_endpoints ORDER BY id`
	sqlFindEndpoint = `
SELECT id, url, description, events, role, secret, old_secret, old_until, enabled, disabled_why, failing_since, resume_at,
  cursor_id, created_by, created_at
FROM webhooks_endpoints WHERE id = $1`
)

func scanEndpoint(row db.Scanner) (e Endpoint, err error) {
	var events string
	err = row.Scan(&e.ID, &e.URL, &e.Description, &events, &e.Role, &e.secret, &e.oldSecret, &e.OldUntil, &e.Enabled, &e.Why,
		&e.FailingSince, &e.ResumeAt, &e.cursor, &e.CreatedBy, &e.CreatedAt)
	if events != "" {
		e.Events = strings.Split(events, ",")
	}
	e.Hint = e.secret[:min(len(e.secret), len(secretPrefix)+4)]
	return e, err
}

func listEndpoints(ctx context.Context, tx *db.Tx) ([]Endpoint, error) {
	all, err := db.All(ctx, tx, scanEndpoint, sqlListEndpoints)
	if err != nil {
		return nil, fmt.Errorf("endpoints: %w", err)
	}
	return all, nil
}

func findEndpoint(ctx context.Context, tx *db.Tx, op string, id int64) (Endpoint, error) {
	e, err := db.One(ctx, tx, scanEndpoint, sqlFindEndpoint, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Endpoint{}, errs.New(errs.NotFound, op, "webhooks.error.endpoint-not-found")
	}
	if err != nil {
		return Endpoint{}, fmt.Errorf("endpoint: %w", err)
	}
	return e, nil
}

const (
	sqlInsertEndpoint = `
INSERT INTO webhooks_endpoints (url, description, events, role, secret, old_secret, old_until, enabled, disabled_why,
  failing_since, resume_at, cursor_id, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, '', 0, $6, $7, 0, 0, $8, $9, $10) RETURNING id`
	sqlUpdateEndpoint = `
UPDATE webhooks_endpoints SET url = $2, description = $3, events = $4, role = $5, secret = $6, old_secret = $7, old_until = $8,
  enabled = $9, disabled_why = $10, failing_since = $11, resume_at = $12, cursor_id = $13
WHERE id = $1`
	sqlRemoveEndpoint = `DELETE FROM webhooks_endpoints WHERE id = $1`
	sqlLockEndpoint   = `UPDATE webhooks_endpoints SET cursor_id = cursor_id WHERE id = $1`
)

func insertEndpoint(ctx context.Context, tx *db.Tx, e *Endpoint) error {
	err := tx.QueryRow(ctx, sqlInsertEndpoint, e.URL, e.Description, strings.Join(e.Events, ","), e.Role, e.secret, e.Enabled, e.Why,
		e.cursor, e.CreatedBy, e.CreatedAt).Scan(&e.ID)
	if err != nil {
		return fmt.Errorf("insert endpoint: %w", err)
	}
	return nil
}

func updateEndpoint(ctx context.Context, tx *db.Tx, e Endpoint) error {
	_, err := tx.Exec(ctx, sqlUpdateEndpoint, e.ID, e.URL, e.Description, strings.Join(e.Events, ","), e.Role, e.secret, e.oldSecret, e.OldUntil,
		e.Enabled, e.Why, e.FailingSince, e.ResumeAt, e.cursor)
	if err != nil {
		return fmt.Errorf("update endpoint: %w", err)
	}
	return nil
}

// lockEndpoint reads an endpoint that nobody else changes until the
// transaction ends.
func lockEndpoint(ctx context.Context, tx *db.Tx, op string, id int64) (Endpoint, error) {
	if _, err := tx.Exec(ctx, sqlLockEndpoint, id); err != nil {
		return Endpoint{}, fmt.Errorf("lock endpoint: %w", err)
	}
	return findEndpoint(ctx, tx, op, id)
}
