// Package mail sends messages by SMTP, as the administrator has set it up on a
// page. Until then nothing calls out: Send keeps nothing and says so, and
// whoever wanted to send finds another way.
//
// A message is put on its way in the transaction of the change it tells of: it
// is kept in an outbox and a job sends it, again and again until the server
// takes it or the message has become pointless (Message.Until). Each message
// has one recipient. What is sent twice by mischance carries the same
// Message-ID, so that mail programs show it once.
//
// The job knows only the number of the message: what it says, perhaps a link
// that opens something, is in the outbox alone, and is removed from there when
// it has been sent or has become pointless.
//
// Tables: platform_mail (one row: the settings), platform_mail_outbox. Jobs:
// mail.send, mail.sweep. The password of the mail server is stored as it is,
// because the program must tell it to the server; no page shows it and the
// journal never holds it.
package mail
