package web

import (
	"net/http"
	"regexp"
)

// A form whose input is kept on the device as a draft sends a word with it. When
// the change is done the word comes back in a cookie, and only then, on
// whatever page comes next, does the script give up the draft (assets/js/draft.js):
// an error, a sign-out, a lost connection or a killed server never costs what
// was typed.
const (
	draftField  = "draft-sent"
	takenCookie = "kartoteka-taken"
)

var draftWord = regexp.MustCompile(`^[0-9a-f]{16,64}$`)

// acknowledge says that what a form sent has been taken.
func acknowledge(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Form == nil {
		return
	}
	word := r.PostForm.Get(draftField)
	if word == "" && r.MultipartForm != nil && len(r.MultipartForm.Value[draftField]) > 0 {
		word = r.MultipartForm.Value[draftField][0]
	}
	if !draftWord.MatchString(word) {
		return
	}
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // a script must read it, and it is no secret
		Name: takenCookie, Value: word, Path: "/", MaxAge: 3600,
		Secure: IsHTTPS(r.Context()), SameSite: http.SameSiteLaxMode,
	})
}
