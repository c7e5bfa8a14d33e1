package files

import (
	"bufio"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
)

// bucketServer speaks as much S3 as the store needs, in memory: PUT (also
// aws-chunked), GET with ranges, HEAD, DELETE and ListObjectsV2 in short pages.
type bucketServer struct {
	mu      sync.Mutex
	clock   clock.Clock
	objects map[string]object
	denied  bool
}

type object struct {
	content []byte
	at      time.Time
}

const listPage = 7

func newBucket(t *testing.T) place {
	now := clock.Fixed(start)
	server := &bucketServer{clock: now, objects: map[string]object{}}
	h := httptest.NewServer(server)
	t.Cleanup(h.Close)
	return place{
		Store: openBucket(t, h, now, "kartoteka"), clock: now,
		damage: func(_ *testing.T, hash string, content []byte) {
			server.mu.Lock()
			defer server.mu.Unlock()
			server.objects[key(hash)] = object{content, now.Now()}
		},
		count: func(*testing.T) int {
			server.mu.Lock()
			defer server.mu.Unlock()
			return len(server.objects)
		},
	}
}

func openBucket(t *testing.T, h *httptest.Server, c clock.Clock, bucket string) *S3 {
	s, err := OpenS3(S3Options{
		Endpoint: strings.TrimPrefix(h.URL, "http://"), Bucket: bucket, Region: "eu-central-1",
		Key: "key", Secret: "secret-of-the-test", PathStyle: true, Plain: true, Spool: t.TempDir(), Retries: 1,
	}, c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (b *bucketServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	bucket, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch {
	case b.denied || !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=key/"):
		s3Fail(w, http.StatusForbidden, "AccessDenied")
	case bucket != "kartoteka":
		s3Fail(w, http.StatusNotFound, "NoSuchBucket")
	case name == "" && r.Method == http.MethodGet:
		b.list(w, r)
	case name == "":
		w.WriteHeader(http.StatusOK)
	case r.Method == http.MethodPut:
		b.put(w, r, name)
	case r.Method == http.MethodDelete:
		delete(b.objects, name)
		w.WriteHeader(http.StatusNoContent)
	default:
		b.get(w, r, name)
	}
}

func s3Fail(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code><Message>%s</Message></Error>", code, code)
}

func (b *bucketServer) put(w http.ResponseWriter, r *http.Request, name string) {
	content, err := payload(r)
	sum := md5.Sum(content)
	if want := r.Header.Get("Content-Md5"); err != nil || want != "" && want != base64.StdEncoding.EncodeToString(sum[:]) {
		s3Fail(w, http.StatusBadRequest, "BadDigest")
		return
	}
	b.objects[name] = object{content, b.clock.Now()}
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:])+`"`)
}

// payload reads a request's body, in signed chunks or plain.
func payload(r *http.Request) ([]byte, error) {
	if !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return io.ReadAll(r.Body)
	}
	var content []byte
	in := bufio.NewReader(r.Body)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return nil, err
		}
		length, _, _ := strings.Cut(strings.TrimSpace(line), ";")
		n, err := strconv.ParseInt(length, 16, 64)
		if err != nil || n == 0 {
			return content, err
		}
		chunk := make([]byte, n+2)
		if _, err := io.ReadFull(in, chunk); err != nil {
			return nil, err
		}
		content = append(content, chunk[:n]...)
	}
}

func (b *bucketServer) get(w http.ResponseWriter, r *http.Request, name string) {
	o, ok := b.objects[name]
	if !ok {
		s3Fail(w, http.StatusNotFound, "NoSuchKey")
		return
	}
	sum := md5.Sum(o.content)
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:])+`"`)
	w.Header().Set("Content-Type", "application/octet-stream")
	http.ServeContent(w, r, "", o.at, strings.NewReader(string(o.content)))
}

type listing struct {
	XMLName     xml.Name `xml:"ListBucketResult"`
	IsTruncated bool
	NextToken   string `xml:"NextContinuationToken,omitempty"`
	Contents    []listed
}

type listed struct {
	Key          string
	LastModified string
	Size         int
}

func (b *bucketServer) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Has("location") {
		fmt.Fprint(w, `<LocationConstraint>eu-central-1</LocationConstraint>`)
		return
	}
	var keys []string
	for k := range b.objects {
		if strings.HasPrefix(k, q.Get("prefix")) && k > q.Get("continuation-token") {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	var l listing
	if len(keys) > listPage {
		keys = keys[:listPage]
		l.IsTruncated, l.NextToken = true, keys[listPage-1]
	}
	for _, k := range keys {
		o := b.objects[k]
		l.Contents = append(l.Contents, listed{k, o.at.Format("2006-01-02T15:04:05.000Z"), len(o.content)})
	}
	w.Header().Set("Content-Type", "application/xml")
	if err := xml.NewEncoder(w).Encode(l); err != nil {
		panic(err)
	}
}

func TestS3SaysWhatIsWrongWithTheBucket(t *testing.T) {
	server := &bucketServer{clock: clock.Fixed(start), objects: map[string]object{}}
	h := httptest.NewServer(server)
	defer h.Close()
	good := openBucket(t, h, server.clock, "kartoteka")
	if err := good.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantKind(t, openBucket(t, h, server.clock, "elsewhere").Check(t.Context()), errs.Unavailable, "files.error.bucket-missing")
	server.denied = true
	wantKind(t, good.Check(t.Context()), errs.Unavailable, "files.error.storage-unavailable")
	_, err := good.Put(t.Context(), strings.NewReader("x"), Limits{Bytes: 10})
	wantKind(t, err, errs.Unavailable, "files.error.storage-unavailable")
	if strings.Contains(good.String(), "secret") {
		t.Fatal("the secret is in the name")
	}
}

func TestS3OutOfReachIsUnavailable(t *testing.T) {
	h := httptest.NewServer(http.NotFoundHandler())
	s := openBucket(t, h, clock.Fixed(start), "kartoteka")
	h.Close()
	_, err := s.Put(t.Context(), strings.NewReader("x"), Limits{Bytes: 10})
	wantKind(t, err, errs.Unavailable, "files.error.storage-unavailable")
	wantKind(t, s.Walk(t.Context(), func(Info) error { return nil }), errs.Unavailable, "files.error.storage-unavailable")
}
