// The rule builder alone, for pages of rooms that use it in their forms.
import "../components/rule-builder/index.js";
