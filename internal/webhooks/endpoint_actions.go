package webhooks

import (
	"context"
	"fmt"
	"slices"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/journal"
)

// oldSecretFor is how long a replaced secret is still signed with, so that the
// other side can change over without missing anything.
const oldSecretFor = 24 * time.Hour

// Create adds an endpoint, told of everything from now on, and gives its
// secret, this once.
func (s *Service) Create(ctx context.Context, in Input) (e Endpoint, secret string, err error) {
	const op = "webhooks.Create"
	if _, err := authz.Require(ctx, op, Manage); err != nil {
		return Endpoint{}, "", err
	}
	if in, err = s.accept(ctx, op, in); err != nil {
		return Endpoint{}, "", err
	}
	secret = newSecret()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		all, err := listEndpoints(ctx, tx)
		if err != nil {
			return err
		}
		if len(all) >= maxEndpoints {
			return errs.New(errs.Conflict, op, "webhooks.error.too-many", "Max", maxEndpoints)
		}
		e = Endpoint{
			URL: in.URL, Description: in.Description, Events: in.Events, Role: in.Role, Enabled: in.Enabled,
			CreatedBy: authz.From(ctx).Name, CreatedAt: tx.Now(), secret: secret, Hint: secret[:len(secretPrefix)+4],
		}
		if !e.Enabled {
			e.Why = WhyAsked
		}
		if err := insertEndpoint(ctx, tx, &e); err != nil {
			return err
		}
		if e.cursor, err = s.note(ctx, tx, "webhooks.endpoint_created", nil, &e); err != nil {
			return err
		}
		return updateEndpoint(ctx, tx, e)
	})
	if err != nil {
		return Endpoint{}, "", errs.Wrap(op, err)
	}
	return e, secret, nil
}

// accept tidies and checks what is set.
func (s *Service) accept(ctx context.Context, op string, in Input) (Input, error) {
	in = in.tidy()
	bad := s.check(in)
	if in.Role.Valid() {
		err := s.readers.Admit(ctx, in.Role)
		switch {
		case errs.Is(err, errs.Forbidden):
			bad = append(bad, errs.Field("role", "webhooks.error.role-beyond"))
		case errs.Is(err, errs.Invalid):
			bad = append(bad, errs.Field("role", "webhooks.error.role-blind"))
		case err != nil:
			return in, errs.Wrap(op, err)
		}
	}
	if len(bad) > 0 {
		return in, errs.InvalidFields(op, bad...)
	}
	return in, nil
}

// note writes what became of an endpoint into the journal, and gives the id of
// the entry.
func (s *Service) note(ctx context.Context, tx *db.Tx, kind string, before, after *Endpoint) (int64, error) {
	entry := journal.Entry{Kind: kind}
	if before != nil {
		entry.Subject, entry.Before = before.ref(), before.record()
	}
	if after != nil {
		entry.Subject, entry.After = after.ref(), after.record()
	}
	return journal.Write(ctx, tx, entry)
}

// List gives all endpoints, in the order in which they were made.
func (s *Service) List(ctx context.Context) (all []Endpoint, err error) {
	const op = "webhooks.List"
	if _, err := authz.Require(ctx, op, Manage); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err = listEndpoints(ctx, tx)
		return err
	})
	return all, errs.Wrap(op, err)
}

// Find gives one endpoint.
func (s *Service) Find(ctx context.Context, id int64) (e Endpoint, err error) {
	const op = "webhooks.Find"
	if _, err := authz.Require(ctx, op, Manage); err != nil {
		return Endpoint{}, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		e, err = findEndpoint(ctx, tx, op, id)
		return err
	})
	return e, errs.Wrap(op, err)
}

// Change sets everything about an endpoint but its secret. One that is turned
// on is told of what happens from now on; what failed before can be replayed.
func (s *Service) Change(ctx context.Context, id int64, in Input) (e Endpoint, err error) {
	const op = "webhooks.Change"
	if _, err := authz.Require(ctx, op, Manage); err != nil {
		return Endpoint{}, err
	}
	if in, err = s.accept(ctx, op, in); err != nil {
		return Endpoint{}, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		before, err := lockEndpoint(ctx, tx, op, id)
		if err != nil {
			return err
		}
		e = before
		e.URL, e.Description, e.Events, e.Role = in.URL, in.Description, in.Events, in.Role
		switch {
		case in.Enabled && !before.Enabled:
			e.Enabled, e.Why, e.FailingSince, e.ResumeAt = true, WhyNot, 0, 0
		case !in.Enabled && before.Enabled:
			if err := turnOff(ctx, tx, &e, WhyAsked); err != nil {
				return err
			}
		}
		if e.URL != before.URL { // what is at the new address has not failed yet
			e.FailingSince, e.ResumeAt = 0, 0
		}
		if same(e.record(), before.record()) {
			return nil
		}
		entryID, err := s.note(ctx, tx, "webhooks.endpoint_changed", &before, &e)
		if err != nil {
			return err
		}
		if e.Enabled && !before.Enabled {
			e.cursor = entryID
		}
		return updateEndpoint(ctx, tx, e)
	})
	return e, errs.Wrap(op, err)
}

func same(a, b record) bool {
	return a.URL == b.URL && a.Description == b.Description && a.Role == b.Role && a.Enabled == b.Enabled && slices.Equal(a.Events, b.Events)
}

const sqlFailWaiting = `UPDATE webhooks_deliveries SET state = 'failed' WHERE endpoint_id = $1 AND state = 'waiting'`

// turnOff ends what is on its way to an endpoint; the caller keeps it.
func turnOff(ctx context.Context, tx *db.Tx, e *Endpoint, why Why) error {
	e.Enabled, e.Why, e.ResumeAt = false, why, 0
	if _, err := tx.Exec(ctx, sqlFailWaiting, e.ID); err != nil {
		return fmt.Errorf("end deliveries: %w", err)
	}
	return nil
}

// Remove takes an endpoint away, with the log of what it was told.
func (s *Service) Remove(ctx context.Context, id int64) error {
	const op = "webhooks.Remove"
	if _, err := authz.Require(ctx, op, Manage); err != nil {
		return err
	}
	return errs.Wrap(op, s.db.Write(ctx, func(tx *db.Tx) error {
		e, err := lockEndpoint(ctx, tx, op, id)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlRemoveEndpoint, id); err != nil {
			return fmt.Errorf("remove endpoint: %w", err)
		}
		_, err = s.note(ctx, tx, "webhooks.endpoint_removed", &e, nil)
		return err
	}))
}

// ChangeSecret gives an endpoint a new secret and tells it, this once. For a
// day messages are signed with the old one, too.
func (s *Service) ChangeSecret(ctx context.Context, id int64) (e Endpoint, secret string, err error) {
	const op = "webhooks.ChangeSecret"
	if _, err := authz.Require(ctx, op, Manage); err != nil {
		return Endpoint{}, "", err
	}
	secret = newSecret()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		before, err := lockEndpoint(ctx, tx, op, id)
		if err != nil {
			return err
		}
		e = before
		e.oldSecret, e.OldUntil, e.secret, e.Hint = before.secret, tx.Now().Add(oldSecretFor), secret, secret[:len(secretPrefix)+4]
		if err := updateEndpoint(ctx, tx, e); err != nil {
			return err
		}
		_, err = s.note(ctx, tx, "webhooks.secret_changed", &before, &e)
		return err
	})
	if err != nil {
		return Endpoint{}, "", errs.Wrap(op, err)
	}
	return e, secret, nil
}
