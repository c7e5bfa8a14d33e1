// Everything pages gain from script. Each file is one behaviour and registers itself.
import './htmx.js';
import './dialog.js';
import './menu.js';
import './toasts.js';
import './drawer.js';
import './palette.js';
import './keys.js';
import './rows.js';
import './endless.js';
import './edit.js';
import './draft.js';
import './combo.js';
import './password.js';
import './mention.js';
import './live.js';
import './small.js';
import './offline.js';
