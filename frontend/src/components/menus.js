// Menus with a search field: it takes the focus, the down arrow goes on to the entries, Enter takes the first.
document.addEventListener("shown.bs.dropdown", (event) => {
  event.target.parentElement.querySelector(".dropdown-menu.show input[type=search]")?.focus();
});

document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.(".dropdown-menu input[type=search]")) return;
  const entries = [...event.target.closest(".dropdown-menu").querySelectorAll(".dropdown-item")];
  const first = entries.find((item) => item.getClientRects().length);
  if (event.key === "ArrowDown") first?.focus();
  else if (event.key === "Enter") first?.click();
  else return;
  event.preventDefault();
});
