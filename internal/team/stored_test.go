package team_test

import (
	"encoding/base64"
	"testing"

	"golang.org/x/crypto/argon2"

	"kartoteka.dev/internal/platform/db"
)

// cheapKey is the password hashed at a cost of the past.
func cheapKey() string {
	return base64.RawStdEncoding.EncodeToString(argon2.IDKey([]byte(password), []byte("0123456789abcdef"), 1, 1024, 1, 32))
}

func setStored(t *testing.T, d *db.DB, personID int64, hash string) {
	t.Helper()
	ok(t, "store", d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), "UPDATE team_people SET password = $2 WHERE id = $1", personID, hash)
		return err
	}))
}

func getStored(t *testing.T, d *db.DB, personID int64) (hash string) {
	t.Helper()
	ok(t, "read", d.Read(t.Context(), func(tx *db.Tx) error {
		return tx.QueryRow(t.Context(), "SELECT password FROM team_people WHERE id = $1", personID).Scan(&hash)
	}))
	return hash
}
