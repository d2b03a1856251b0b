throw new Error('this module throws on import');
