package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"kartoteka.dev/internal/platform/errs"
)

// IsUnique tells that a statement broke a uniqueness rule.
func IsUnique(err error) bool {
	return isSQLite(err, sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY) || isPostgres(err, "23505")
}

// IsForeignKey tells that a statement named a row that is not there, or
// removed one that others need.
func IsForeignKey(err error) bool {
	return isSQLite(err, sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY) || isPostgres(err, "23503", "23001")
}

// IsCheck tells that a check constraint or a trigger refused the change.
func IsCheck(err error) bool {
	return isSQLite(err, sqlite3.SQLITE_CONSTRAINT_CHECK, sqlite3.SQLITE_CONSTRAINT_TRIGGER) || isPostgres(err, "23514", "P0001")
}

// isSQLite compares extended codes whole and primary codes (below 256) by
// their low byte.
func isSQLite(err error, codes ...int) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return false
	}
	for _, c := range codes {
		if e.Code() == c || c < 256 && e.Code()&0xff == c {
			return true
		}
	}
	return false
}

func isPostgres(err error, codes ...string) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return false
	}
	for _, c := range codes {
		if e.Code == c {
			return true
		}
	}
	return false
}

// classify turns the failures of a part (database gone, disk full) into
// Unavailable, so that the person is told to try again rather than that
// something is broken for good. Errors that already carry a kind stay.
func (d *DB) classify(op string, err error) error {
	if err == nil || errs.KindOf(err) != errs.Internal || errors.Is(err, context.Canceled) {
		return err
	}
	switch {
	case isSQLite(err, sqlite3.SQLITE_FULL):
		return errs.New(errs.Unavailable, op, "errors.disk-full").Because(err)
	case isGone(err), isSQLite(err, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_IOERR):
		return errs.New(errs.Unavailable, op, "errors.database-gone").Because(err)
	}
	return err
}

func isGone(err error) bool {
	var network net.Error
	var connect *pgconn.ConnectError
	return errors.As(err, &network) || errors.As(err, &connect) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, errClosed) || pgconn.SafeToRetry(err) || // nothing was sent
		isPostgres(err, "57P01", "57P02", "57P03", "53300", "25006")
}
