package team

import (
	"context"
	"encoding/json"
	"fmt"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
)

const sqlFindCompany = `
SELECT version, setup_at, name, country, language, currency, zone, calendar, number_prefix, help,
  status_url, sender, logo, locked, lock_message
FROM team_company WHERE id = 1`

func findCompany(ctx context.Context, tx *db.Tx) (Company, int64, error) {
	var c Company
	var version int64
	var setUp clock.Instant
	var week, help string
	err := tx.QueryRow(ctx, sqlFindCompany).Scan(&version, &setUp, &c.Name, &c.Country, &c.Language, &c.Currency, &c.Zone,
		&week, &c.NumberPrefix, &help, &c.StatusURL, &c.Sender, &c.Logo, &c.Lock.On, &c.Lock.Message)
	if err != nil {
		return Company{}, 0, fmt.Errorf("company: %w", err)
	}
	if err := json.Unmarshal([]byte(week), &c.Calendar); err != nil {
		return Company{}, 0, fmt.Errorf("company's calendar: %w", err)
	}
	if err := json.Unmarshal([]byte(help), &c.Help); err != nil {
		return Company{}, 0, fmt.Errorf("company's help: %w", err)
	}
	c.SetUp = !setUp.IsZero()
	return c, version, nil
}

const sqlUpdateCompany = `
UPDATE team_company SET name = $1, country = $2, language = $3, currency = $4, zone = $5, calendar = $6,
  number_prefix = $7, help = $8, status_url = $9, sender = $10, logo = $11
WHERE id = 1`

func updateCompany(ctx context.Context, tx *db.Tx, c Company) error {
	week, err := json.Marshal(c.Calendar)
	if err != nil {
		return fmt.Errorf("company's calendar: %w", err)
	}
	help, err := json.Marshal(c.Help)
	if err != nil {
		return fmt.Errorf("company's help: %w", err)
	}
	_, err = tx.Exec(ctx, sqlUpdateCompany, c.Name, c.Country, c.Language, c.Currency, c.Zone, string(week),
		c.NumberPrefix, string(help), c.StatusURL, c.Sender, c.Logo)
	if err != nil {
		return fmt.Errorf("update company: %w", err)
	}
	return nil
}

const sqlFinishSetup = `UPDATE team_company SET setup_at = $1 WHERE id = 1 AND setup_at = 0`

// finishSetup marks the first run as done; first is false if it was already.
func finishSetup(ctx context.Context, tx *db.Tx, at clock.Instant) (first bool, err error) {
	return touched(tx.Exec(ctx, sqlFinishSetup, at))
}

const sqlSetLock = `UPDATE team_company SET locked = $1, lock_message = $2, lock_code = $3 WHERE id = 1`

func setLock(ctx context.Context, tx *db.Tx, l Lock, code string) error {
	if _, err := tx.Exec(ctx, sqlSetLock, l.On, l.Message, code); err != nil {
		return fmt.Errorf("set lock: %w", err)
	}
	return nil
}

const sqlFindLockCode = `SELECT lock_code FROM team_company WHERE id = 1 AND locked = TRUE`
