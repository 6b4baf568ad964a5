// The host freezes what all objects come from; here it is frozen too, so that what breaks there breaks here. Only axe,
// which is never in the host, cannot live with it.

if (!new URLSearchParams(location.search).has("axe")) Object.freeze(Object.prototype);
