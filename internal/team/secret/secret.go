// Package secret makes and checks what only one person or program should
// know: passwords, sign-in tokens, one-time codes. It does no storage; what it
// returns for storing never reveals the secret itself, except for the shared
// key of one-time codes, which the server must know.
package secret

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"math/big"
	"strings"
)

// tokenBytes is enough that a token cannot be guessed and a plain hash of it
// cannot be reversed.
const tokenBytes = 32

// NewToken makes a random token that can stand in a URL or a cookie.
func NewToken() string {
	return base64.RawURLEncoding.EncodeToString(random(tokenBytes))
}

// APIPrefix begins every API token, so that a leaked one is recognised.
const APIPrefix = "kt_"

// apiDigits is the length of 32 random bytes in base 62.
const apiDigits = 43

// NewAPIToken makes a random token for programs: kt_ and 43 letters and
// digits, which a double click selects whole.
func NewAPIToken() string {
	digits := new(big.Int).SetBytes(random(tokenBytes)).Text(62)
	return APIPrefix + strings.Repeat("0", apiDigits-len(digits)) + digits
}

// Hash is what is stored of a token and what it is found by. It suits long
// random tokens only; passwords need a Hasher.
func Hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

const (
	recoveryCount = 10
	recoveryBytes = 10 // 80 bits: a plain hash is enough
)

// NewRecoveryCodes makes the codes a person keeps on paper for the day the
// telephone is lost: ten, in four groups of four letters and digits.
func NewRecoveryCodes() []string {
	codes := make([]string, recoveryCount)
	for i := range codes {
		s := base32.StdEncoding.EncodeToString(random(recoveryBytes))
		codes[i] = strings.ToLower(s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:])
	}
	return codes
}

// HashRecovery is what is stored of a recovery code: however it is typed, with
// or without dashes, spaces and capitals.
func HashRecovery(code string) string {
	plain := strings.NewReplacer("-", "", " ", "").Replace(strings.ToLower(code))
	return Hash(plain)
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}
