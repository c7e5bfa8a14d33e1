package secret

import (
	"bytes"
	"crypto/subtle"
	"fmt"
	"image/png"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// codePeriod is how long one code is shown, in seconds; codeSkew is how many
// periods a telephone's clock may differ.
const (
	codePeriod = 30
	codeSkew   = 1
)

// Enrolment is what an authenticator application needs once.
type Enrolment struct {
	Key string // for typing by hand
	URL string // otpauth://…, for the QR code
}

// NewEnrolment makes a key for one-time codes; issuer and account are what the
// application shows beside them.
func NewEnrolment(issuer, account string) (Enrolment, error) {
	clean := strings.NewReplacer(":", " ", "/", " ")
	key, err := totp.Generate(totp.GenerateOpts{Issuer: clean.Replace(issuer), AccountName: clean.Replace(account)})
	if err != nil {
		return Enrolment{}, fmt.Errorf("secret.NewEnrolment: %w", err)
	}
	return Enrolment{Key: key.Secret(), URL: key.URL()}, nil
}

// QR draws the address as a PNG of size × size pixels.
func (e Enrolment) QR(size int) ([]byte, error) {
	key, err := otp.NewKeyFromURL(e.URL)
	if err != nil {
		return nil, fmt.Errorf("secret.QR: %w", err)
	}
	picture, err := key.Image(size, size)
	if err != nil {
		return nil, fmt.Errorf("secret.QR: %w", err)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		return nil, fmt.Errorf("secret.QR: %w", err)
	}
	return out.Bytes(), nil
}

// MatchCode tells which period of time the code belongs to; ok is false for a
// wrong one. The caller refuses a period that is not later than the last one
// used, so that an overseen code is worthless.
func MatchCode(key, code string, now time.Time) (step int64, ok bool) {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	at := now.Unix() / codePeriod
	for s := at - codeSkew; s <= at+codeSkew; s++ {
		want, err := totp.GenerateCode(key, time.Unix(s*codePeriod, 0))
		if err != nil {
			return 0, false
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, ok = s, true
		}
	}
	return step, ok
}

// CodeAt is the code an authenticator shows at that moment: for tests and the
// demo.
func CodeAt(key string, now time.Time) (string, error) {
	code, err := totp.GenerateCode(key, now)
	if err != nil {
		return "", fmt.Errorf("secret.CodeAt: %w", err)
	}
	return code, nil
}
