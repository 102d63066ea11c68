// What the browser remembers between visits: drafts, the model, its parameters. A browser that
// forbids storage only forgets.

function guarded(storage) {
  return {
    get(key) {
      try {
        return JSON.parse(storage().getItem(`rellama.${key}`));
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        if (value === null || value === "") storage().removeItem(`rellama.${key}`);
        else storage().setItem(`rellama.${key}`, JSON.stringify(value));
      } catch {
        // Full or forbidden.
      }
    },
  };
}

/// For this browser.
export const kept = guarded(() => localStorage);
/// For this tab, across reloads.
export const keptHere = guarded(() => sessionStorage);
