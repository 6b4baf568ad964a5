// The host freezes what all objects come from; here it is frozen too, so that what breaks there breaks here. Only axe,
// which is never in the host, cannot live with it, and asks for a page that is `thawed`.

if (!new URLSearchParams(location.search).has("thawed")) Object.freeze(Object.prototype);
