package team

import (
	"context"
	"fmt"
	"time"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/team/secret"
)

// BrowserLife is how long a browser is known without a sign-in.
const BrowserLife = 400 * 24 * time.Hour

const (
	sqlSeeBrowser       = `UPDATE team_browsers SET seen_at = $3 WHERE person_id = $1 AND hash = $2`
	sqlCountBrowsers    = `SELECT COUNT(*) FROM team_browsers WHERE person_id = $1`
	sqlAddBrowser       = `INSERT INTO team_browsers (person_id, hash, seen_at) VALUES ($1, $2, $3)`
	sqlForgottenBrowser = `DELETE FROM team_browsers WHERE seen_at <= $1`
)

// recognise tells whether the person has signed in with this browser before,
// and what it shows to be known next time. The first browser of all counts as
// known: there is nobody to warn yet. It opens nothing by itself.
func recognise(ctx context.Context, tx *db.Tx, personID int64, from Device, now clock.Instant) (browser string, known bool, err error) {
	browser = from.Browser
	if browser == "" {
		browser = secret.NewToken()
	} else {
		known, err = touched(tx.Exec(ctx, sqlSeeBrowser, personID, secret.Hash(browser), now))
		if known || err != nil {
			return browser, known, err
		}
	}
	others, err := db.One(ctx, tx, db.Value[int], sqlCountBrowsers, personID)
	if err != nil {
		return "", false, fmt.Errorf("count browsers: %w", err)
	}
	if _, err := tx.Exec(ctx, sqlAddBrowser, personID, secret.Hash(browser), now); err != nil {
		return "", false, fmt.Errorf("add browser: %w", err)
	}
	return browser, others == 0, nil
}
