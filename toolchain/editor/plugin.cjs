// A plugin of TypeScript's language service (which loads CommonJS only): AssemblyScript allows decorators on functions
// and constants, so TypeScript's "Decorators are not valid here" is left out.

const DECORATORS_NOT_VALID = 1206;

module.exports = () => ({
  create({ languageService }) {
    return new Proxy(languageService, {
      get(target, name) {
        const value = target[name];
        if (name !== 'getSemanticDiagnostics' && name !== 'getSyntacticDiagnostics') return value;
        return (file) => value.call(target, file).filter(({ code }) => code !== DECORATORS_NOT_VALID);
      },
    });
  },
});
