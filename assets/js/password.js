// Passwords: a look at what is typed, and how good a new one is. The server has
// the last word.
const habit = /password|passw0rd|qwert|asdf|zxcv|йцук|пароль|парола|პაროლ|haslo|hasło|admin|welcome|letmein|iloveyou|kartoteka|картотека|abcdef|1q2w/giu;

// level of a password: 0 too short, 1 weak, 2 good, 3 strong. Length counts, and
// that it is not the same over and over; a mix of signs does not.
function level(text, least) {
  const signs = [...text.toLowerCase()];
  if (signs.length < least) return 0;
  const rest = text.toLowerCase().replace(habit, '').replace(/\d+/g, '#');
  const own = new Set([...rest]).size;
  if (own < 6 || rest.length < 6) return 1;
  if (signs.length >= 16 && own >= 8) return 3;
  return signs.length >= 12 ? 2 : 1;
}

class Secret extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector('input');
    const eye = this.querySelector('.secret-eye');
    const strength = this.querySelector('.strength');
    eye.hidden = false;
    eye.addEventListener('click', () => {
      const shown = input.type === 'password';
      input.type = shown ? 'text' : 'password';
      eye.setAttribute('aria-pressed', String(shown));
      input.focus();
    });
    // Nothing typed is left readable on a screen or kept by the browser as text.
    input.form?.addEventListener('submit', () => { input.type = 'password'; });
    if (!strength) return;
    const words = strength.dataset.words.split('|');
    const weigh = () => {
      const found = level(input.value, Number(strength.dataset.least));
      strength.hidden = input.value === '';
      strength.dataset.level = found;
      strength.querySelector('.strength-word').textContent = words[found];
    };
    input.addEventListener('input', weigh);
    weigh();
  }
}
customElements.define('k-secret', Secret);
