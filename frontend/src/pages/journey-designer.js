import "../components/journey/designer.js";
