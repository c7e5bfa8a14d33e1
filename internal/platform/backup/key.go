package backup

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"filippo.io/age"
)

// minPassphrase is the least length of a passphrase, in characters: whoever
// steals a backup can try as many as they like.
const minPassphrase = 12

// scryptWork is how much work a passphrase costs: about a quarter of a second
// and 64 MB.
const scryptWork = 16

// Key locks and unlocks backups. The zero Key leaves them open.
type Key struct {
	recipient age.Recipient
	identity  age.Identity // nil if the key can only lock
}

// ParseKey reads a key: a recipient of age (age1…), which can lock but not
// unlock; an identity of age (AGE-SECRET-KEY-1…), which does both; or else a
// passphrase of at least 12 characters. Empty text is the zero Key.
func ParseKey(text string) (Key, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return Key{}, nil
	case strings.HasPrefix(text, "age1"):
		r, err := age.ParseX25519Recipient(text)
		if err != nil {
			return Key{}, errors.New("the key of the backups begins like a recipient of age, but is none")
		}
		return Key{recipient: r}, nil
	case strings.HasPrefix(text, "AGE-SECRET-KEY-1"):
		i, err := age.ParseX25519Identity(text)
		if err != nil {
			return Key{}, errors.New("the key of the backups begins like an identity of age, but is none")
		}
		return Key{recipient: i.Recipient(), identity: i}, nil
	}
	if utf8.RuneCountInString(text) < minPassphrase {
		return Key{}, fmt.Errorf("the passphrase of the backups is too short: at least %d characters", minPassphrase)
	}
	r, err := age.NewScryptRecipient(text)
	if err != nil {
		return Key{}, fmt.Errorf("backup: passphrase: %w", err)
	}
	r.SetWorkFactor(scryptWork)
	i, err := age.NewScryptIdentity(text)
	if err != nil {
		return Key{}, fmt.Errorf("backup: passphrase: %w", err)
	}
	return Key{recipient: r, identity: i}, nil
}

// ReadKey reads a key from a file, as age-keygen writes it or a single line.
func ReadKey(path string) (Key, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Key{}, fmt.Errorf("the key of the backups cannot be read: %w", err)
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return ParseKey(line)
		}
	}
	return Key{}, fmt.Errorf("the file %s holds no key", path)
}

// Locks tells whether backups are encrypted with this key.
func (k Key) Locks() bool { return k.recipient != nil }

// forProof is a key that locks for the same reader and can also unlock: with
// a recipient only, a second key that is forgotten after the proof.
func (k Key) forProof() (recipients []age.Recipient, proof Key, err error) {
	if k.recipient == nil || k.identity != nil {
		return []age.Recipient{k.recipient}, k, nil
	}
	once, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, Key{}, fmt.Errorf("backup: key for the proof: %w", err)
	}
	return []age.Recipient{k.recipient, once.Recipient()}, Key{recipient: k.recipient, identity: once}, nil
}

func (k Key) unlock(r io.Reader) (io.Reader, error) {
	if k.identity == nil {
		return nil, errors.New("this backup is encrypted: give the passphrase or the secret key it was made with (KARTOTEKA_BACKUP_KEY or --backup-key-file)")
	}
	open, err := age.Decrypt(r, k.identity)
	if err != nil {
		return nil, fmt.Errorf("the backup cannot be decrypted; is this the key it was made with? %w", err)
	}
	return open, nil
}
