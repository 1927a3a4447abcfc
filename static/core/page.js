/** What every page does beyond plain HTML. Everything here is a comfort: pages work without it. */
import { keepThemes } from "./theme.js";
import { keepMenus } from "./menu.js";
import { keepForms } from "./forms.js";
import { keepFlashes } from "./flash.js";

keepThemes(document);
keepMenus(document);
keepForms(document);
keepFlashes(document);
