package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
)

// fresh is how long ago content may have been put to not be sent again: well
// below any sensible age for Sweep.
const fresh = time.Hour

const s3Prefix = "files/"

// S3Options says which bucket of which server.
type S3Options struct {
	Endpoint  string // host or host:port, without scheme
	Bucket    string // must exist
	Region    string // empty: the server's
	Key       string
	Secret    string
	PathStyle bool // bucket in the path, as most self-hosted servers want it
	Plain     bool // http instead of https

	// Spool is where content waits while its hash is computed; empty means the
	// system's directory for temporary files.
	Spool string
	// Retries is how often a failing request is tried; 0 means 4.
	Retries int
}

// S3 is a Store in a bucket: objects files/ab/cdef… by the hash.
type S3 struct {
	client *minio.Client
	bucket string
	spool  string
	clock  clock.Clock
}

// OpenS3 prepares the store; it makes no request yet (see Check).
func OpenS3(o S3Options, c clock.Clock) (*S3, error) {
	if o.Retries == 0 {
		o.Retries = 4
	}
	lookup := minio.BucketLookupAuto
	if o.PathStyle {
		lookup = minio.BucketLookupPath
	}
	client, err := minio.New(o.Endpoint, &minio.Options{
		Creds:        credentials.NewStaticV4(o.Key, o.Secret, ""),
		Secure:       !o.Plain,
		Region:       o.Region,
		BucketLookup: lookup,
		MaxRetries:   o.Retries,
	})
	if err != nil {
		return nil, errs.Wrap("files.OpenS3", err)
	}
	return &S3{client: client, bucket: o.Bucket, spool: o.Spool, clock: c}, nil
}

// Check asks the server for the bucket; an error says what is wrong with the
// settings or the connection.
func (s *S3) Check(ctx context.Context) error {
	const op = "files.Check"
	there, err := s.client.BucketExists(ctx, s.bucket)
	if err != nil {
		return s3Error(op, "", err)
	}
	if !there {
		return errs.New(errs.Unavailable, op, "files.error.bucket-missing", "Bucket", s.bucket)
	}
	return nil
}

// Put implements Store. The content is spooled to a local file first, since its
// hash is its name.
func (s *S3) Put(ctx context.Context, r io.Reader, limits Limits) (Stored, error) {
	const op = "files.Put"
	tmp, err := os.CreateTemp(s.spool, "kartoteka-put-*")
	if err != nil {
		return Stored{}, storageError(op, err)
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	stored, err := receive(ctx, tmp, r, limits)
	if err != nil {
		return Stored{}, err
	}
	there, err := s.Stat(ctx, stored.Hash)
	if err == nil && there.Size == stored.Size && s.clock.Now().Sub(there.Put) < fresh {
		return stored, nil
	}
	if err != nil && !errs.Is(err, errs.NotFound) {
		return Stored{}, err
	}
	if _, err := tmp.Seek(0, io.SeekStart); err != nil {
		return Stored{}, storageError(op, err)
	}
	// In one part, so that a crash leaves no half-sent parts to be paid for.
	_, err = s.client.PutObject(ctx, s.bucket, key(stored.Hash), tmp, stored.Size,
		minio.PutObjectOptions{ContentType: "application/octet-stream", SendContentMd5: true, DisableMultipart: true})
	if err != nil {
		return Stored{}, s3Error(op, stored.Hash, err)
	}
	return stored, nil
}

func key(hash string) string { return s3Prefix + hash[:2] + "/" + hash[2:] }

// Open implements Store.
func (s *S3) Open(ctx context.Context, hash string) (io.ReadSeekCloser, int64, error) {
	const op = "files.Open"
	if !ValidHash(hash) {
		return nil, 0, notFound(op, hash)
	}
	object, err := s.client.GetObject(ctx, s.bucket, key(hash), minio.GetObjectOptions{})
	if err != nil {
		return nil, 0, s3Error(op, hash, err)
	}
	info, err := object.Stat() // the first request: tells whether it is there
	if err != nil {
		object.Close()
		return nil, 0, s3Error(op, hash, err)
	}
	return object, info.Size, nil
}

// Stat implements Store.
func (s *S3) Stat(ctx context.Context, hash string) (Info, error) {
	const op = "files.Stat"
	if !ValidHash(hash) {
		return Info{}, notFound(op, hash)
	}
	info, err := s.client.StatObject(ctx, s.bucket, key(hash), minio.StatObjectOptions{})
	if err != nil {
		return Info{}, s3Error(op, hash, err)
	}
	return Info{Hash: hash, Size: info.Size, Put: info.LastModified.UTC()}, nil
}

// Remove implements Store. A bucket cannot check the age and delete in one
// step: content put again in the instant between the two would be lost, which
// is why Sweep asks for references last.
func (s *S3) Remove(ctx context.Context, hash string, before time.Time) (bool, error) {
	info, err := s.Stat(ctx, hash)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if !before.IsZero() && !info.Put.Before(before) {
		return false, nil
	}
	if err := s.client.RemoveObject(ctx, s.bucket, key(hash), minio.RemoveObjectOptions{}); err != nil {
		return false, s3Error("files.Remove", hash, err)
	}
	return true, nil
}

// Walk implements Store.
func (s *S3) Walk(ctx context.Context, visit func(Info) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for o := range s.client.ListObjectsIter(ctx, s.bucket, minio.ListObjectsOptions{Prefix: s3Prefix, Recursive: true}) {
		if o.Err != nil {
			return s3Error("files.Walk", "", o.Err)
		}
		hash := strings.ReplaceAll(strings.TrimPrefix(o.Key, s3Prefix), "/", "")
		if !ValidHash(hash) || key(hash) != o.Key {
			continue // not ours
		}
		if err := visit(Info{Hash: hash, Size: o.Size, Put: o.LastModified.UTC()}); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// s3Error tells what is absent from what is out of reach.
func s3Error(op, hash string, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return errs.Wrap(op, err)
	}
	answer := minio.ToErrorResponse(err)
	if answer.Code == minio.NoSuchKey || (hash != "" && answer.StatusCode == http.StatusNotFound && answer.Code != minio.NoSuchBucket) {
		return notFound(op, hash).Because(err)
	}
	return errs.New(errs.Unavailable, op, "files.error.storage-unavailable").Because(err)
}

// String names the store for logs and diagnostics, without its secret.
func (s *S3) String() string { return fmt.Sprintf("bucket %s at %s", s.bucket, s.client.EndpointURL()) }
