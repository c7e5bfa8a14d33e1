package team

import (
	"context"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
)

// NewLink is a link that has just been made: the only moment its token is
// known.
type NewLink struct {
	Token     string
	ExpiresAt clock.Instant
}

// InvitePerson makes the link with which a person who has no password yet
// chooses one; it works once, for 72 hours, and makes earlier links worthless.
func (s *Service) InvitePerson(ctx context.Context, personID int64) (NewLink, error) {
	const op = "team.InvitePerson"
	if _, err := authz.Require(ctx, op, "team.people"); err != nil {
		return NewLink{}, err
	}
	return s.linkFor(ctx, op, personID, Invitation)
}

// ResetPerson makes the link with which a person chooses a new password; it
// works once, for two hours, and makes earlier links worthless. The old
// password works until then.
func (s *Service) ResetPerson(ctx context.Context, personID int64) (NewLink, error) {
	const op = "team.ResetPerson"
	if _, err := authz.Require(ctx, op, "team.people"); err != nil {
		return NewLink{}, err
	}
	return s.linkFor(ctx, op, personID, Reset)
}

func (s *Service) linkFor(ctx context.Context, op string, personID int64, kind LinkKind) (link NewLink, err error) {
	err = s.onPerson(ctx, op, personID, func(tx *db.Tx, p Person) error {
		switch {
		case !p.Active:
			return errs.New(errs.Conflict, op, "team.error.person-inactive")
		case kind == Invitation && p.HasPassword:
			return errs.New(errs.Conflict, op, "team.error.invited-already")
		}
		link, err = s.makeLink(ctx, tx, p, kind)
		return err
	})
	return link, err
}

// linkEvents are the journal's words for each kind.
var linkEvents = map[LinkKind]string{
	Invitation: "team.person_invited",
	Reset:      "team.password_reset_asked",
}

func (s *Service) makeLink(ctx context.Context, tx *db.Tx, p Person, kind LinkKind) (NewLink, error) {
	if err := removeLinks(ctx, tx, p.ID); err != nil {
		return NewLink{}, err
	}
	token, expires, err := insertLink(ctx, tx, kind, p.ID, s.now())
	if err != nil {
		return NewLink{}, err
	}
	err = s.tellLink(ctx, tx, LinkCreated{
		Kind: kind, PersonID: p.ID, Name: p.Name, Email: p.Email, Language: p.Language, Token: token, ExpiresAt: expires,
	})
	if err != nil {
		return NewLink{}, err
	}
	return NewLink{Token: token, ExpiresAt: expires}, write(ctx, tx, linkEvents[kind], personRef(p.ID), nil, nil)
}

// RequestReset is "I forgot my password": the link is told to the handlers of
// LinkCreated, never to the caller. Whether the address belongs to anyone is
// found out later (SendReset), so that the answer is the same and takes as
// long either way; who asks often is slowed down. It needs no right.
func (s *Service) RequestReset(ctx context.Context, email string, from Device) error {
	const op = "team.RequestReset"
	account := emailKey(email)
	if err := s.admit(ctx, op, attemptKeys("reset:"+account, from)); err != nil {
		return err
	}
	if s.resetLater == nil {
		return s.sendReset(ctx, op, account)
	}
	return errs.Wrap(op, s.db.Write(ctx, func(tx *db.Tx) error { return s.resetLater(ctx, tx, account) }))
}

// SendReset makes the link someone has asked for with RequestReset; for the
// job behind Deps.ResetLater. Nothing happens for an address that is nobody's.
func (s *Service) SendReset(ctx context.Context, email string) error {
	const op = "team.SendReset"
	if _, err := authz.Require(ctx, op, "team.people"); err != nil {
		return err
	}
	return s.sendReset(ctx, op, emailKey(email))
}

func (s *Service) sendReset(ctx context.Context, op, account string) error {
	c, err := s.credentials(ctx, sqlCredentialsByEmail, account)
	if err != nil {
		return errs.Wrap(op, err)
	}
	if len(s.onLink) == 0 || !c.active {
		return nil
	}
	return errs.Wrap(op, s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := findPerson(ctx, tx, op, c.id)
		if err != nil {
			return err
		}
		_, err = s.makeLink(ctx, tx, p, Reset)
		return err
	}))
}

// FindLink tells whom an invitation or a reset link is for; NotFound for an
// unknown, used or expired one. The token is all the right it needs.
func (s *Service) FindLink(ctx context.Context, token string) (Link, error) {
	return s.findLink(ctx, "team.FindLink", token, Invitation, Reset)
}

// RedeemLink sets the password the link is for, which ends all sessions and
// links of the person, and signs them in; with two factors only as far as the
// second one. The token is all the right it needs.
func (s *Service) RedeemLink(ctx context.Context, token, password string, from Device) (in SignedIn, err error) {
	const op = "team.RedeemLink"
	link, err := s.findLink(ctx, op, token, Invitation, Reset)
	if err != nil {
		return SignedIn{}, err
	}
	var bad fieldErrors
	if bad.password("password", password, link.Name, link.Email); len(bad) > 0 {
		return SignedIn{}, errs.InvalidFields(op, bad...)
	}
	hash, err := s.hasher.Hash(ctx, password)
	if err != nil {
		return SignedIn{}, errs.Wrap(op, err)
	}
	ctx = authz.With(ctx, authz.Actor{Kind: authz.Person, UserID: link.PersonID, Name: link.Name})
	err = s.change(ctx, op, func(tx *db.Tx) error {
		p, err := findPerson(ctx, tx, op, link.PersonID)
		if err != nil {
			return err
		}
		if !p.Active {
			return errLinkDead(op)
		}
		if err := useLink(ctx, tx, op, link.id); err != nil {
			return err
		}
		if err := s.replacePassword(ctx, tx, p, hash, from); err != nil {
			return err
		}
		if err := forgive(ctx, tx, attemptKeys(emailKey(p.Email), from)[:1]); err != nil {
			return err
		}
		if p.TwoFactor {
			in.PersonID = p.ID
			in.Challenge, _, err = insertLink(ctx, tx, linkChallenge, p.ID, s.now())
			return err
		}
		in, err = s.open(ctx, tx, p, from)
		return err
	})
	return in, err
}
