package team_test

import (
	"encoding/base64"
	"testing"

	"kartoteka.dev/internal/platform/db"
)

// oldHash is the password as stored at a cost of the past.
func oldHash() string {
	salt := []byte("0123456789abcdef")
	return "$argon2id$v=19$m=1024,t=1,p=1$" + base64.RawStdEncoding.EncodeToString(salt) + "$" +
		base64.RawStdEncoding.EncodeToString(cheap([]byte(password), salt, 32))
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
