package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/errs"
)

const (
	idempotencyHeader = "Idempotency-Key"
	replayedHeader    = "Idempotency-Replayed"
	maxKey            = 200

	// keptFor is how long an answer can be asked for again.
	keptFor = 24 * time.Hour
	// waitFor is how long a duplicate waits for the first one's answer.
	waitFor = 5 * time.Second
	look    = 50 * time.Millisecond
)

// keptHeaders are those of an answer that a replay gives too.
var keptHeaders = []string{"Content-Type", "ETag", "Location"}

// memory is a request and its answer as they are kept.
type memory struct {
	token   int64
	key     string
	request string // its digest
	status  int    // 0: being worked on
	headers string
	body    string
}

// once24h does the work for the first of the requests with this key and gives
// its answer to all others. Only success is kept: what failed left nothing
// behind and may be tried again under the same key. The key of a request whose
// program died half way stays taken, because nobody knows what it left behind.
func (a *API) once24h(key string, r *http.Request, out *answer, c *call, work func()) {
	if !fitsKey(key) {
		c.failure = errs.InvalidFields("api.once", errs.Field(idempotencyHeader, "api.error.key-unfit", "Max", maxKey))
		return
	}
	digest, err := digestOf(r)
	if err != nil {
		c.failure = err
		return
	}
	ctx := context.WithoutCancel(r.Context())
	m := memory{token: authz.From(ctx).TokenID, key: key, request: digest}
	found, claimed, err := a.claim(ctx, m)
	if err == nil && !claimed {
		found, err = a.await(r.Context(), m, found)
	}
	switch {
	case err != nil:
		c.failure = err
	case claimed:
		c.failure = a.workAndKeep(ctx, m, out, c, work)
	case found.request != digest:
		c.failure = errs.New(errs.Conflict, "api.once", "api.error.key-used")
	case found.status == 0:
		out.Header().Set("Retry-After", "1")
		c.failure = errs.New(errs.Conflict, "api.once", "api.error.key-busy")
	default:
		c.failure = replay(found, out)
	}
}

func fitsKey(key string) bool {
	return len(key) <= maxKey && !strings.ContainsFunc(key, func(r rune) bool { return r < ' ' || r > '~' })
}

// workAndKeep gives the failure of the work, or of keeping its answer.
func (a *API) workAndKeep(ctx context.Context, m memory, out *answer, c *call, work func()) error {
	kept := false
	defer func() {
		if !kept { // also when the work panics
			_ = a.release(ctx, m) // the key ends by itself in a day
		}
	}()
	work()
	if c.failure != nil {
		return c.failure
	}
	headers := map[string]string{}
	for _, name := range keptHeaders {
		if v := out.Header().Get(name); v != "" {
			headers[name] = v
		}
	}
	packed, err := json.Marshal(headers)
	if err != nil {
		return errs.Wrap("api.once", err)
	}
	kept = true // the work is done: the key must not be free again
	m.status, m.headers, m.body = out.status, string(packed), out.body.String()
	return a.keep(ctx, m)
}

func replay(m memory, out *answer) error {
	var headers map[string]string
	if err := json.Unmarshal([]byte(m.headers), &headers); err != nil {
		return errs.Wrap("api.once", err)
	}
	for name, v := range headers {
		out.Header().Set(name, v)
	}
	out.Header().Set(replayedHeader, "true")
	out.WriteHeader(m.status)
	_, err := io.WriteString(out, m.body)
	return err
}

// await looks until the first request is answered, for a while.
func (a *API) await(ctx context.Context, m, found memory) (memory, error) {
	deadline := time.NewTimer(waitFor)
	defer deadline.Stop()
	tick := time.NewTicker(look)
	defer tick.Stop()
	for found.status == 0 && found.request == m.request {
		select {
		case <-ctx.Done():
			return found, ctx.Err()
		case <-deadline.C:
			return found, nil
		case <-tick.C:
		}
		next, there, err := a.recall(ctx, m)
		if err != nil || !there {
			return found, err // the first one failed: the client may try again
		}
		found = next
	}
	return found, nil
}

// digestOf tells requests apart: where to, and what with. The body can be read
// again afterwards. Forms are compared by their parts, since each sending
// separates them by another line.
func digestOf(r *http.Request) (string, error) {
	h := sha256.New()
	write(h, r.Method, r.URL.Path, r.URL.RawQuery)
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		if err := r.ParseMultipartForm(formMemory); err != nil {
			return "", errs.InvalidFields("api.once", errs.Field("body", "api.error.unreadable", "Reason", err.Error()))
		}
		if err := digestForm(h, r.MultipartForm); err != nil {
			return "", errs.Wrap("api.once", err)
		}
		return hex.EncodeToString(h.Sum(nil)), nil
	}
	body, err := io.ReadAll(r.Body)
	if _, over := errors.AsType[*http.MaxBytesError](err); err != nil && !over { // too much is told by the meter
		return "", errs.InvalidFields("api.once", errs.Field("body", "api.error.unreadable", "Reason", err.Error()))
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	write(h, r.Header.Get("Content-Type"), string(body))
	return hex.EncodeToString(h.Sum(nil)), nil
}

// formMemory is how much of a form is held in memory; the rest waits on disk.
const formMemory = 256 << 10

func digestForm(h hash.Hash, form *multipart.Form) error {
	for _, name := range slices.Sorted(maps.Keys(form.Value)) {
		write(h, append([]string{name}, form.Value[name]...)...)
	}
	for _, name := range slices.Sorted(maps.Keys(form.File)) {
		for _, part := range form.File[name] {
			write(h, name, part.Filename)
			f, err := part.Open()
			if err != nil {
				return err
			}
			_, err = io.Copy(h, f)
			if err := errors.Join(err, f.Close()); err != nil {
				return err
			}
		}
	}
	return nil
}

func write(h hash.Hash, parts ...string) {
	for _, p := range parts {
		_, _ = fmt.Fprintf(h, "%d:%s", len(p), p) // a hash never fails
	}
}
