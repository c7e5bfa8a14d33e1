package mail

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/jobs"
)

// Deps are what the service needs.
type Deps struct {
	DB    *db.DB
	Jobs  *jobs.Runner
	Clock clock.Clock
	Roots *x509.CertPool // authorities that vouch for servers; nil: the machine's
}

// Service sends mail; safe for concurrent use.
type Service struct {
	db    *db.DB
	jobs  *jobs.Runner
	clock clock.Clock
	roots *x509.CertPool
}

var (
	sendMail  = jobs.Define[letter]("mail.send", jobs.Options{Title: "jobs.kind.mail-send", Timeout: 2 * time.Minute})
	sweepMail = jobs.Define[struct{}]("mail.sweep", jobs.Options{Title: "jobs.kind.mail-sweep"})
)

// letter is what a job knows of a message.
type letter struct {
	ID int64 `json:"id"`
}

// New makes the service and gives the runner its work.
func New(d Deps) (*Service, error) {
	s := &Service{db: d.DB, jobs: d.Jobs, clock: d.Clock, roots: d.Roots}
	return s, errors.Join(
		sendMail.Handle(d.Jobs, func(ctx context.Context, job jobs.Job[letter]) error { return s.deliver(ctx, job.Args.ID) }),
		sweepMail.Handle(d.Jobs, func(ctx context.Context, _ jobs.Job[struct{}]) error { return s.sweep(ctx) }),
		sweepMail.Schedule(d.Jobs, jobs.Every(time.Hour), struct{}{}),
	)
}

// Message is one message to one person.
type Message struct {
	To       string // address
	Name     string // of the recipient; may be empty
	Language i18n.Lang
	Subject  string
	Text     string        // plain, in paragraphs; a line that is an address becomes a link
	Until    clock.Instant // pointless after that; three days from now if 0
}

const usualLife = 72 * time.Hour

const sqlInsertLetter = `
INSERT INTO platform_mail_outbox (recipient, name, language, subject, body, made_at, until)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`

// Send puts a message on its way within the caller's transaction. While mail
// is not set up it does nothing, and going is false. It needs no right: what
// is sent is decided by whoever calls.
func (s *Service) Send(ctx context.Context, tx *db.Tx, m Message) (going bool, err error) {
	const op = "mail.Send"
	a, err := findAccount(ctx, tx)
	if err != nil || !a.On() {
		return false, errs.Wrap(op, err)
	}
	now := tx.Now()
	if m.Until.IsZero() {
		m.Until = now.Add(usualLife)
	}
	var id int64
	err = tx.QueryRow(ctx, sqlInsertLetter, m.To, m.Name, m.Language, m.Subject, m.Text, now, m.Until).Scan(&id)
	if err != nil {
		return false, errs.Wrap(op, fmt.Errorf("insert letter: %w", err))
	}
	_, err = sendMail.Enqueue(ctx, s.jobs, tx, letter{ID: id}, jobs.InsertOptions{})
	return err == nil, errs.Wrap(op, err)
}
