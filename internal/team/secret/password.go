package secret

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// cost of one hash: about 25 ms and 19 MB on a small server.
type cost struct {
	memory  uint32 // KiB
	time    uint32
	threads uint8
}

var current = cost{memory: 19 * 1024, time: 2, threads: 1}

// dearest bounds what a stored hash may ask for, so that a manipulated row
// cannot exhaust the memory.
var dearest = cost{memory: 256 * 1024, time: 10, threads: 4}

const (
	saltBytes = 16
	keyBytes  = 32
)

// Derive turns a password and a salt into a key at some cost; argon2.IDKey is
// one.
type Derive func(password, salt []byte, time, memory uint32, threads uint8, keyLen uint32) []byte

// Hasher hashes passwords with argon2id; only so many at a time, the rest
// wait, so that a flood of sign-ins cannot exhaust the memory.
type Hasher struct {
	slots  chan struct{}
	derive Derive
}

// NewHasher makes a hasher that works on up to parallel passwords at once.
func NewHasher(parallel int) *Hasher { return NewHasherWith(parallel, argon2.IDKey) }

// NewHasherWith makes a hasher with another derivation: for tests that count
// hashes or cannot wait for them.
func NewHasherWith(parallel int, derive Derive) *Hasher {
	return &Hasher{slots: make(chan struct{}, max(1, parallel)), derive: derive}
}

// Hash gives the text to store: the PHC form with its own salt and cost. It
// fails only when ctx ends while waiting.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	salt := random(saltBytes)
	key, err := h.key(ctx, password, salt, current)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, current.memory, current.time, current.threads,
		encode(salt), encode(key)), nil
}

// Verify tells whether the password is the stored one, and whether the stored
// text should be replaced because it was made at another cost. An empty or
// unreadable stored text takes as long as a real one and is never right.
func (h *Hasher) Verify(ctx context.Context, stored, password string) (ok, stale bool, err error) {
	c, salt, want, readable := parse(stored)
	if !readable {
		c, salt, want = current, make([]byte, saltBytes), make([]byte, keyBytes)
	}
	got, err := h.key(ctx, password, salt, c)
	if err != nil {
		return false, false, err
	}
	ok = subtle.ConstantTimeCompare(got, want) == 1 && readable
	return ok, ok && c != current, nil
}

// key normalises first, so that é typed on another keyboard is the same é.
func (h *Hasher) key(ctx context.Context, password string, salt []byte, c cost) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-h.slots }()
	return h.derive([]byte(norm.NFC.String(password)), salt, c.time, c.memory, c.threads, keyBytes), nil
}

func parse(stored string) (c cost, salt, key []byte, ok bool) {
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.time, &c.threads); err != nil {
		return c, nil, nil, false
	}
	if c.memory < 8 || c.time < 1 || c.threads < 1 || c.memory > dearest.memory || c.time > dearest.time || c.threads > dearest.threads {
		return c, nil, nil, false
	}
	salt, saltErr := decode(parts[4])
	key, keyErr := decode(parts[5])
	return c, salt, key, saltErr == nil && keyErr == nil && len(salt) >= 8 && len(key) == keyBytes
}

func encode(b []byte) string { return base64.RawStdEncoding.EncodeToString(b) }

func decode(s string) ([]byte, error) {
	return base64.RawStdEncoding.DecodeString(s)
}
