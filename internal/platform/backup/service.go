package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/files"
	"kartoteka.dev/internal/platform/jobs"
	"kartoteka.dev/internal/platform/journal"
)

// Manage is the right to see and change how backups are made.
const Manage = "backup.manage"

// Permissions are those of this package, for the matrix.
var Permissions = []authz.Permission{{
	ID: Manage, Label: "backup.permission.manage",
	Default: map[authz.Role]authz.Level{authz.Administrator: authz.All},
}}

// Deps are what the service needs.
type Deps struct {
	DB      *db.DB
	Jobs    *jobs.Runner
	Files   files.Store
	Key     Key
	Version string
	Prove   Proof
	Zone    func() *time.Location
}

// Service makes backups by itself, every day; safe for concurrent use.
type Service struct {
	Deps

	mu     sync.Mutex
	asked  time.Time // when late was found out
	late   bool
	plan   Settings // what the schedule follows
	polled time.Time
}

// A backup that is to be made every day, and how many are kept.
var makeBackup = jobs.Define[struct{}]("backup.make", jobs.Options{
	Title: "jobs.kind.backup-make", Queue: jobs.Slow, Timeout: 6 * time.Hour, MaxAttempts: 3,
})

// New makes the service and gives the runner its work.
func New(d Deps) (*Service, error) {
	s := &Service{Deps: d}
	return s, errors.Join(
		makeBackup.Handle(d.Jobs, func(ctx context.Context, _ jobs.Job[struct{}]) error { return s.run(ctx) }),
		makeBackup.Schedule(d.Jobs, s.due, struct{}{}),
	)
}

// Settings say when backups are made by themselves and where they go.
type Settings struct {
	Folder string        `json:"folder"` // on the server; empty: none are made
	Minute int           `json:"minute"` // of the company's day: 150 is 02:30
	Days   int           `json:"days"`   // how many days keep their backup
	Weeks  int           `json:"weeks"`  // how many weeks keep theirs
	Since  clock.Instant `json:"-"`      // when the folder was first set
}

// On tells whether backups are made.
func (s Settings) On() bool { return s.Folder != "" }

const (
	sqlFindSettings   = `SELECT folder, minute, days, weeks, since FROM platform_backup WHERE id = 1`
	sqlChangeSettings = `UPDATE platform_backup SET folder = $1, minute = $2, days = $3, weeks = $4, since = $5 WHERE id = 1`
)

func findSettings(ctx context.Context, tx *db.Tx) (s Settings, err error) {
	err = tx.QueryRow(ctx, sqlFindSettings).Scan(&s.Folder, &s.Minute, &s.Days, &s.Weeks, &s.Since)
	if err != nil {
		err = fmt.Errorf("backup settings: %w", err)
	}
	return s, err
}

func (s *Service) settings(ctx context.Context) (found Settings, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		found, err = findSettings(ctx, tx)
		return err
	})
	return found, err
}

// Find gives the settings.
func (s *Service) Find(ctx context.Context) (Settings, error) {
	const op = "backup.Find"
	if _, err := authz.Require(ctx, op, Manage); err != nil {
		return Settings{}, err
	}
	found, err := s.settings(ctx)
	return found, errs.Wrap(op, err)
}

// Limits of what is kept.
const (
	maxDays  = 366
	maxWeeks = 520
)

// Change replaces the settings; the folder is made if it is not there. An
// empty folder ends the backups.
func (s *Service) Change(ctx context.Context, to Settings) error {
	const op = "backup.Change"
	if _, err := authz.Require(ctx, op, Manage); err != nil {
		return err
	}
	to.Folder = strings.TrimSpace(to.Folder)
	if bad := to.check(); len(bad) > 0 {
		return errs.InvalidFields(op, bad...)
	}
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		before, err := findSettings(ctx, tx)
		if err != nil {
			return err
		}
		if to.Since = before.Since; !before.On() {
			to.Since = tx.Now()
		}
		if to == before {
			return nil
		}
		if _, err := tx.Exec(ctx, sqlChangeSettings, to.Folder, to.Minute, to.Days, to.Weeks, to.Since); err != nil {
			return fmt.Errorf("change backup settings: %w", err)
		}
		_, err = journal.Write(ctx, tx, journal.Entry{
			Kind: "backup.settings_changed", Subject: journal.Ref{Type: "backup", ID: 1}, Before: before, After: to,
		})
		return err
	})
	s.forget()
	return errs.Wrap(op, err)
}

func (s Settings) check() []errs.FieldError {
	var bad []errs.FieldError
	if s.Minute < 0 || s.Minute >= 24*60 {
		bad = append(bad, errs.Field("time", "backup.error.time-wrong"))
	}
	if s.Days < 1 || s.Days > maxDays {
		bad = append(bad, errs.Field("days", "backup.error.number-wrong", "Min", 1, "Max", maxDays))
	}
	if s.Weeks < 0 || s.Weeks > maxWeeks {
		bad = append(bad, errs.Field("weeks", "backup.error.number-wrong", "Min", 0, "Max", maxWeeks))
	}
	if s.Folder != "" {
		if !filepath.IsAbs(s.Folder) {
			bad = append(bad, errs.Field("folder", "backup.error.folder-relative"))
		} else if err := tryFolder(s.Folder); err != nil {
			bad = append(bad, errs.Field("folder", "backup.error.folder-unwritable", "Why", err.Error()))
		}
	}
	return bad
}

// tryFolder makes the folder if need be and writes into it.
func tryFolder(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, ".kartoteka-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// remembered is how long the schedule and the warning go by what was read.
const remembered = 30 * time.Second

// due is the plan of the job: every day at the time of the settings.
func (s *Service) due(now time.Time) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.polled.IsZero() || now.Sub(s.polled).Abs() > remembered {
		found, err := s.settings(context.Background())
		if err != nil {
			return time.Time{} // the database is away: later
		}
		s.plan, s.polled = found, now
	}
	if !s.plan.On() {
		return time.Time{}
	}
	return jobs.Daily(s.plan.Minute/60, s.plan.Minute%60)(now)
}

func (s *Service) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.polled, s.asked = time.Time{}, time.Time{}
}
