// A webpack bundle: names with content hashes, a split chunk, integrity of all of it.
import HtmlWebpackPlugin from 'html-webpack-plugin';
import MiniCssExtractPlugin from 'mini-css-extract-plugin';
import { createRequire } from 'node:module';
import path from 'node:path';
import webpack from 'webpack';

const { SubresourceIntegrityPlugin } = createRequire(import.meta.url)('webpack-subresource-integrity');

const compiler = webpack({
  mode: 'production',
  entry: './main.js',
  devtool: 'source-map',
  output: {
    path: path.resolve('dist'),
    publicPath: '/webpack/',
    filename: 'js/[name].[contenthash].js',
    assetModuleFilename: 'media/[name].[contenthash][ext]',
    crossOriginLoading: 'anonymous',
  },
  optimization: { realContentHash: true },
  module: {
    rules: [
      { test: /\.css$/, use: [MiniCssExtractPlugin.loader, 'css-loader'] },
      { test: /\.svg$/, type: 'asset/resource' },
    ],
  },
  plugins: [
    new MiniCssExtractPlugin({ filename: 'css/[name].[contenthash].css' }),
    new HtmlWebpackPlugin({ template: './index.html' }),
    new SubresourceIntegrityPlugin(),
  ],
});
compiler.run((error, stats) => {
  if (error || stats.hasErrors()) {
    console.error(error ?? stats.toString());
    process.exitCode = 1;
  }
  compiler.close(() => {});
});
