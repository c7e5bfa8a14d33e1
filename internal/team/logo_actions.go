package team

import (
	"bytes"
	"context"
	"io"
	"slices"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/files"
)

// MaxLogo is how many bytes of a picture are taken as the company's logo; what
// is kept of it is at most logoSide pixels wide or high.
const (
	MaxLogo  = 2_000_000
	logoSide = 512
)

// logoTypes are pictures that are nothing but pictures: what can hold scripts
// is not among them.
var logoTypes = []string{"image/png", "image/jpeg"}

// ChangeLogo takes a picture as the company's logo. It is drawn anew, so that
// nothing else the file may hold is kept.
func (s *Service) ChangeLogo(ctx context.Context, r io.Reader) error {
	const op = "team.ChangeLogo"
	if _, err := authz.Require(ctx, op, "team.company"); err != nil {
		return err
	}
	raw, err := io.ReadAll(io.LimitReader(r, MaxLogo+1))
	switch {
	case err != nil:
		return errs.Wrap(op, err)
	case len(raw) == 0:
		return errs.InvalidFields(op, errs.Field("logo", "errors.field-missing"))
	case len(raw) > MaxLogo:
		return errs.InvalidFields(op, errs.Field("logo", "team.error.logo-large", "Max", MaxLogo/1_000_000))
	case !slices.Contains(logoTypes, files.Sniff(raw)):
		return errs.InvalidFields(op, errs.Field("logo", "team.error.logo-type"))
	}
	picture, err := files.Thumbnail(ctx, bytes.NewReader(raw), logoSide)
	if err != nil {
		if k := errs.KindOf(err); k == errs.Invalid || k == errs.TooLarge {
			return errs.InvalidFields(op, errs.Field("logo", "team.error.logo-type"))
		}
		return errs.Wrap(op, err)
	}
	stored, err := s.files.Put(ctx, bytes.NewReader(picture.Bytes), files.Limits{Bytes: int64(len(picture.Bytes)), Types: logoTypes})
	if err != nil {
		return errs.Wrap(op, err)
	}
	return s.keepLogo(ctx, op, "team.logo_changed", stored.Hash)
}

// RemoveLogo goes back to Kartoteka's own mark.
func (s *Service) RemoveLogo(ctx context.Context) error {
	const op = "team.RemoveLogo"
	if _, err := authz.Require(ctx, op, "team.company"); err != nil {
		return err
	}
	return s.keepLogo(ctx, op, "team.logo_removed", "")
}

func (s *Service) keepLogo(ctx context.Context, op, event, hash string) error {
	return s.change(ctx, op, func(tx *db.Tx) error {
		before, _, err := findCompany(ctx, tx)
		if err != nil || before.Logo == hash {
			return err
		}
		after := before
		after.Logo = hash
		if err := updateCompany(ctx, tx, after); err != nil {
			return err
		}
		return write(ctx, tx, event, companyRef, map[string]string{"logo": before.Logo}, map[string]string{"logo": hash})
	})
}

// logo is a logo as it was last read.
type logo struct {
	hash    string
	picture files.Picture
}

// Logo gives the company's logo; no bytes if there is none. It needs no right:
// the sign-in page shows it.
func (s *Service) Logo(ctx context.Context) (files.Picture, error) {
	const op = "team.Logo"
	snap, err := s.current(ctx)
	if err != nil || snap.company.Logo == "" || s.files == nil {
		return files.Picture{}, err
	}
	if known := s.logo.Load(); known != nil && known.hash == snap.company.Logo {
		return known.picture, nil
	}
	content, _, err := s.files.Open(ctx, snap.company.Logo)
	if err != nil {
		return files.Picture{}, errs.Wrap(op, err)
	}
	defer func() { _ = content.Close() }()
	picture, err := files.Thumbnail(ctx, content, logoSide)
	if err != nil {
		return files.Picture{}, errs.Wrap(op, err)
	}
	s.logo.Store(&logo{snap.company.Logo, picture})
	return picture, nil
}

// Referenced tells which of these files the company uses; for sweeping the
// store.
func (s *Service) Referenced(ctx context.Context, hashes []string) (map[string]bool, error) {
	const op = "team.Referenced"
	if _, err := authz.Require(ctx, op, "team.company"); err != nil {
		return nil, err
	}
	var c Company
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		c, _, err = findCompany(ctx, tx)
		return err
	})
	return map[string]bool{c.Logo: c.Logo != "" && slices.Contains(hashes, c.Logo)}, errs.Wrap(op, err)
}
