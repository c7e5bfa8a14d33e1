package web

import (
	"encoding/base64"
	"encoding/json"
	"net/http"

	"kartoteka.dev/internal/platform/ui/toast"
)

const flashCookie = "kartoteka-flash"

// leaveFlash keeps a message for the next page in a cookie. It holds nothing
// secret, and what comes back is shown as text and nothing else.
func leaveFlash(w http.ResponseWriter, r *http.Request, t toast.Toast) {
	b, err := json.Marshal(t)
	if err != nil || len(b) > 2000 {
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: flashCookie, Value: base64.RawURLEncoding.EncodeToString(b), Path: "/", MaxAge: 60,
		HttpOnly: true, Secure: IsHTTPS(r.Context()), SameSite: http.SameSiteLaxMode,
	})
}

func takeFlash(w http.ResponseWriter, r *http.Request) []toast.Toast {
	c, err := r.Cookie(flashCookie)
	if err != nil {
		return nil
	}
	http.SetCookie(w, &http.Cookie{
		Name: flashCookie, Path: "/", MaxAge: -1,
		HttpOnly: true, Secure: IsHTTPS(r.Context()), SameSite: http.SameSiteLaxMode,
	})
	b, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return nil
	}
	var t toast.Toast
	if json.Unmarshal(b, &t) != nil || t.Text == "" || t.UndoURL != "" && !LocalPath(t.UndoURL) {
		return nil
	}
	return []toast.Toast{t}
}
