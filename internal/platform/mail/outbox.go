package mail

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/jobs"
)

const (
	sqlFindLetter = `
SELECT recipient, name, language, subject, body, made_at, until FROM platform_mail_outbox WHERE id = $1`
	sqlRemoveLetter  = `DELETE FROM platform_mail_outbox WHERE id = $1`
	sqlRemoveExpired = `DELETE FROM platform_mail_outbox WHERE until <= $1`
)

func (s *Service) now() clock.Instant { return clock.InstantOf(s.clock.Now()) }

// outgoing is a message as it is kept, with what makes a repetition the same.
type outgoing struct {
	Message
	made clock.Instant
}

// deliver sends one message. What the server will never take, and what has
// become pointless, is given up at once; everything else is tried again.
func (s *Service) deliver(ctx context.Context, id int64) error {
	var m outgoing
	var a account
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		if a, err = findAccount(ctx, tx); err != nil {
			return err
		}
		return tx.QueryRow(ctx, sqlFindLetter, id).Scan(&m.To, &m.Name, &m.Language, &m.Subject, &m.Text, &m.made, &m.Until)
	})
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil // sent already, or swept away
	case err != nil:
		return fmt.Errorf("letter: %w", err)
	case s.now() >= m.Until:
		return errors.Join(jobs.Permanent(errors.New("mail: nobody has any use for the message by now")), s.remove(ctx, id))
	case !a.On():
		return jobs.Permanent(errors.New("mail: sending has been turned off"))
	}
	if err := s.send(ctx, a, m, id); err != nil {
		if final(err) {
			return jobs.Permanent(err)
		}
		return err
	}
	return s.remove(ctx, id)
}

func (s *Service) remove(ctx context.Context, id int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, sqlRemoveLetter, id); err != nil {
			return fmt.Errorf("remove letter: %w", err)
		}
		return nil
	})
}

// sweep removes what was never sent and has become pointless.
func (s *Service) sweep(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, sqlRemoveExpired, s.now()); err != nil {
			return fmt.Errorf("sweep letters: %w", err)
		}
		return nil
	})
}
